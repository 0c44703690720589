-- The bookshop's database, as it should be.

CREATE SCHEMA shop;

CREATE TYPE shop.order_status AS ENUM ('open', 'paid', 'sent');

CREATE TABLE shop.book (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    isbn text NOT NULL UNIQUE CHECK (isbn ~ '^[0-9]{13}$'),
    title text NOT NULL,
    price numeric(10, 2) NOT NULL CHECK (price >= 0),
    stock integer NOT NULL DEFAULT 0 CHECK (stock >= 0)
);

COMMENT ON COLUMN shop.book.stock IS 'How many lie in the shop';

CREATE TABLE shop.customer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    login text NOT NULL UNIQUE
);

CREATE TABLE shop.customer_order (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer bigint NOT NULL REFERENCES shop.customer,
    book bigint NOT NULL REFERENCES shop.book,
    quantity integer NOT NULL CHECK (quantity > 0),
    status shop.order_status NOT NULL DEFAULT 'open',
    placed_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX customer_order_customer_idx ON shop.customer_order (customer);

CREATE VIEW shop.open_order AS
SELECT o.id, c.name AS customer, b.title, o.quantity, o.quantity * b.price AS total
FROM shop.customer_order o
JOIN shop.customer c ON c.id = o.customer
JOIN shop.book b ON b.id = o.book
WHERE o.status = 'open';

-- An order takes its books from the stock.
CREATE FUNCTION shop.take_from_stock() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE shop.book SET stock = stock - NEW.quantity WHERE id = NEW.book;
    RETURN NEW;
END
$$;

CREATE TRIGGER take_from_stock AFTER INSERT ON shop.customer_order
FOR EACH ROW EXECUTE FUNCTION shop.take_from_stock();

-- A customer sees the orders of its own login.
ALTER TABLE shop.customer_order ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_orders ON shop.customer_order
USING (customer IN (SELECT c.id FROM shop.customer c WHERE c.login = current_user));
