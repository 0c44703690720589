CREATE SCHEMA store;
CREATE TABLE store.shelf (
    number integer,
    side text
);
ALTER TABLE store.shelf ADD CONSTRAINT first PRIMARY KEY (number);
ALTER TABLE store.shelf ADD CONSTRAINT second UNIQUE (number);
ALTER TABLE store.shelf ADD CONSTRAINT third UNIQUE (number) DEFERRABLE;
ALTER TABLE store.shelf ADD CONSTRAINT sides UNIQUE (number, side);
COMMENT ON CONSTRAINT second ON store.shelf IS 'once more';
CREATE TABLE store.book (
    shelf integer REFERENCES store.shelf
);
