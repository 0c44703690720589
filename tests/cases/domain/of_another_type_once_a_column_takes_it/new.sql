CREATE DOMAIN number AS integer;
CREATE TABLE orders (
    id integer,
    state number
);
