-- planwright: 1
-- mode: transaction
-- loses: tables shop.customer and shop.customer_order with their rows

DROP VIEW shop.open_order;

DROP TABLE shop.customer_order;

DROP TABLE shop.customer;

DROP TYPE shop.order_status;
