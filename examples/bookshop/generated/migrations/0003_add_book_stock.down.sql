-- planwright: 1
-- mode: transaction
-- loses: column shop.book.stock

DROP POLICY own_orders ON shop.customer_order;

ALTER TABLE shop.customer_order DISABLE ROW LEVEL SECURITY;

DROP TRIGGER take_from_stock ON shop.customer_order;

DROP FUNCTION shop.take_from_stock();

ALTER TABLE shop.book DROP COLUMN stock;
