-- planwright: 1
-- mode: transaction
-- loses: table shop.book with its rows

DROP TABLE shop.book;

DROP SCHEMA shop;
