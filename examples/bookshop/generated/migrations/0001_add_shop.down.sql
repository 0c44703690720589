-- planwright: 1
-- mode: transaction
-- loses: the rows of shop.customer_order
-- loses: the rows of shop.book
-- loses: the rows of shop.customer

DROP VIEW shop.open_order;
DROP TABLE shop.customer_order;
DROP TABLE shop.book;
DROP TABLE shop.customer;
DROP TYPE shop.order_status;
DROP SCHEMA shop;
