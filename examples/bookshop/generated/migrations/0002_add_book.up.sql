-- planwright: 1
-- class: breaking
-- version: 2.0
-- mode: transaction
-- before: sha256:dcdd24dd7116f98a9d42c8c370704d6b8fa3846e05204bd9a8fa8f8d7941db3e
-- after: sha256:98ea323b349a3877e8c7804333701b982de8eb34de7883939ac27199d9d05ad3
-- proved: PostgreSQL 17.5 (embedded)
-- steps:
--   1. create column shop.book.stock: additive, ACCESS EXCLUSIVE on shop.book; existing statements do not mention the column
--   2. create constraint book_stock_check of shop.book: breaking, ACCESS EXCLUSIVE on shop.book; code that writes rows that it forbids fails from now on
--   3. create function shop.take_from_stock(): additive; a new function; nothing existing refers to it
--   4. create trigger take_from_stock on shop.customer_order: breaking, SHARE ROW EXCLUSIVE on shop.customer_order; it runs inside the running code's writes, which it may change or refuse
--   5. create comment on column shop.book.stock: additive, SHARE UPDATE EXCLUSIVE on shop.book; nothing but people reads it

SET LOCAL check_function_bodies = off;

ALTER TABLE shop.book ADD COLUMN stock integer DEFAULT 0 NOT NULL;
ALTER TABLE shop.book ADD CONSTRAINT book_stock_check CHECK ((stock >= 0));
CREATE FUNCTION shop.take_from_stock()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    UPDATE shop.book SET stock = stock - NEW.quantity WHERE id = NEW.book;
    RETURN NEW;
END
$function$;
CREATE TRIGGER take_from_stock AFTER INSERT ON shop.customer_order FOR EACH ROW EXECUTE FUNCTION shop.take_from_stock();
COMMENT ON COLUMN shop.book.stock IS 'How many lie in the shop';
