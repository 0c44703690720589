-- @data
CREATE TABLE currency (id integer PRIMARY KEY, code text UNIQUE, symbol text, preferred boolean NOT NULL);
CREATE UNIQUE INDEX currency_symbol ON currency (lower(symbol));
CREATE UNIQUE INDEX currency_preferred ON currency (preferred) WHERE preferred;
INSERT INTO currency VALUES (1, 'USD', 'd', false), (2, 'CHF', 'F', true), (4, 'GBP', 'e', false), (5, 'EUR', NULL, false);
-- @data
CREATE TABLE rate (number bigserial UNIQUE, name text PRIMARY KEY, currency integer REFERENCES currency);
INSERT INTO rate (name, currency) VALUES ('other', 4), ('base', 1);
