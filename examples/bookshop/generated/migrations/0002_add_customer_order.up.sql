-- planwright: 1
-- class: additive
-- version: 1.1
-- mode: transaction

CREATE TYPE shop.order_status AS ENUM ('open', 'paid', 'sent');

CREATE TABLE shop.customer (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    name text NOT NULL,
    login text NOT NULL,
    CONSTRAINT customer_pkey PRIMARY KEY (id),
    CONSTRAINT customer_login_key UNIQUE (login)
);

CREATE TABLE shop.customer_order (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    customer bigint NOT NULL,
    book bigint NOT NULL,
    quantity integer NOT NULL,
    status shop.order_status NOT NULL DEFAULT 'open',
    placed_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT customer_order_pkey PRIMARY KEY (id),
    CONSTRAINT customer_order_customer_fkey FOREIGN KEY (customer) REFERENCES shop.customer (id),
    CONSTRAINT customer_order_book_fkey FOREIGN KEY (book) REFERENCES shop.book (id),
    CONSTRAINT customer_order_quantity_check CHECK (quantity > 0)
);

CREATE INDEX customer_order_customer_idx ON shop.customer_order (customer);

CREATE VIEW shop.open_order AS
SELECT o.id, c.name AS customer, b.title, o.quantity, o.quantity * b.price AS total
FROM shop.customer_order o
JOIN shop.customer c ON c.id = o.customer
JOIN shop.book b ON b.id = o.book
WHERE o.status = 'open';
