-- planwright: 1
-- class: breaking
-- version: 2.0
-- mode: transaction

ALTER TABLE shop.book ADD COLUMN stock integer NOT NULL DEFAULT 0;

ALTER TABLE shop.book ADD CONSTRAINT book_stock_check CHECK (stock >= 0);

COMMENT ON COLUMN shop.book.stock IS 'How many lie in the shop';

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

ALTER TABLE shop.customer_order ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_orders ON shop.customer_order
USING (customer IN (SELECT c.id FROM shop.customer c WHERE c.login = current_user));
