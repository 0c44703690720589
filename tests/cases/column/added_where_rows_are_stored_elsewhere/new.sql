CREATE TABLE address (
    street text,
    country text DEFAULT 'NL',
    floor integer DEFAULT 0 NOT NULL,
    number integer GENERATED ALWAYS AS IDENTITY,
    zip text CHECK (zip <> '')
);
CREATE TABLE district (area text, size integer DEFAULT 1) PARTITION BY LIST (area);
CREATE TABLE district_north PARTITION OF district FOR VALUES IN ('north');
CREATE TYPE route AS (start address, stops address[]);
CREATE TABLE visit (at address, of district_north);
