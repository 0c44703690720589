CREATE TYPE state AS ENUM ('open', 'closed');
CREATE DOMAIN number AS state;
CREATE TABLE orders (
    id integer,
    state state
);
