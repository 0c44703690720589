-- planwright: 1
-- class: additive
-- version: 1.0
-- mode: transaction
-- before: sha256:36e4238cb5a1c7c7c5b18e64f83e43fe260fe060debd1267799a49503bb71270
-- after: sha256:dcdd24dd7116f98a9d42c8c370704d6b8fa3846e05204bd9a8fa8f8d7941db3e
-- proved: PostgreSQL 17.5 (embedded)
-- steps:
--   1. create schema shop: additive; a new schema; nothing existing refers to it
--   2. create enumeration shop.order_status: additive; a new type; nothing existing refers to it
--   3. create table shop.book: additive; a new table; nothing existing refers to it
--   4. create table shop.customer: additive; a new table; nothing existing refers to it
--   5. create table shop.customer_order: additive; a new table; nothing existing refers to it
--   6. create index shop.customer_order_customer_idx: additive; statements see no difference, but writers wait for the build
--   7. create view shop.open_order: additive; a new view; nothing existing refers to it

CREATE SCHEMA shop;
CREATE TYPE shop.order_status AS ENUM ('open', 'paid', 'sent');
CREATE TABLE shop.book (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    isbn text NOT NULL,
    title text NOT NULL,
    price numeric(10,2) NOT NULL,
    CONSTRAINT book_pkey PRIMARY KEY (id),
    CONSTRAINT book_isbn_key UNIQUE (isbn),
    CONSTRAINT book_isbn_check CHECK ((isbn ~ '^[0-9]{13}$'::text)),
    CONSTRAINT book_price_check CHECK ((price >= (0)::numeric))
);
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
    status shop.order_status DEFAULT 'open'::shop.order_status NOT NULL,
    placed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customer_order_pkey PRIMARY KEY (id),
    CONSTRAINT customer_order_quantity_check CHECK ((quantity > 0)),
    CONSTRAINT customer_order_book_fkey FOREIGN KEY (book) REFERENCES shop.book(id),
    CONSTRAINT customer_order_customer_fkey FOREIGN KEY (customer) REFERENCES shop.customer(id)
);
CREATE INDEX customer_order_customer_idx ON shop.customer_order USING btree (customer);
CREATE VIEW shop.open_order AS
SELECT o.id,
    c.name AS customer,
    b.title,
    o.quantity,
    ((o.quantity)::numeric * b.price) AS total
   FROM ((shop.customer_order o
     JOIN shop.customer c ON ((c.id = o.customer)))
     JOIN shop.book b ON ((b.id = o.book)))
  WHERE (o.status = 'open'::shop.order_status);
