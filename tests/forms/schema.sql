CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE pair AS (one integer, two text);
CREATE DOMAIN plain AS integer;
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE customer (id integer PRIMARY KEY, name text);
CREATE TABLE sale (
    id serial PRIMARY KEY,
    amount integer,
    note text,
    code varchar(20),
    price numeric(8,2),
    made timestamp,
    seen timestamptz,
    quantity integer NOT NULL DEFAULT 7,
    feeling mood DEFAULT 'ok',
    customer integer,
    counted plain,
    paid boolean
);
CREATE INDEX sale_amount ON sale (amount);
CREATE INDEX sale_code ON sale (code);
CREATE TABLE day (on_day date, visits integer) PARTITION BY RANGE (on_day);
CREATE TABLE day_1 PARTITION OF day FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
