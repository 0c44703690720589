-- planwright: 1
-- mode: transaction
-- loses: the values of shop.book.stock

DROP TRIGGER take_from_stock ON shop.customer_order;
DROP FUNCTION shop.take_from_stock();
ALTER TABLE shop.book DROP COLUMN stock;
