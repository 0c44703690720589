-- planwright: 1
-- mode: transaction

ALTER TABLE shop.customer_order DISABLE ROW LEVEL SECURITY;
DROP POLICY own_orders ON shop.customer_order;
