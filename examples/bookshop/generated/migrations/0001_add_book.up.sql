-- planwright: 1
-- class: additive
-- version: 1.0
-- mode: transaction

CREATE SCHEMA shop;

CREATE TABLE shop.book (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    isbn text NOT NULL,
    title text NOT NULL,
    price numeric(10,2) NOT NULL,
    CONSTRAINT book_pkey PRIMARY KEY (id),
    CONSTRAINT book_isbn_key UNIQUE (isbn),
    CONSTRAINT book_isbn_check CHECK (isbn ~ '^[0-9]{13}$'),
    CONSTRAINT book_price_check CHECK (price >= 0)
);
