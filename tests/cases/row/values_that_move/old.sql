-- @data
CREATE TABLE currency (id integer PRIMARY KEY, code text UNIQUE, symbol text, preferred boolean NOT NULL);
CREATE UNIQUE INDEX currency_symbol ON currency (lower(symbol));
CREATE UNIQUE INDEX currency_preferred ON currency (preferred) WHERE preferred;
INSERT INTO currency VALUES (1, 'EUR', 'E', true), (2, 'USD', 'D', false), (3, 'GBP', NULL, false), (5, NULL, NULL, false);
-- @data
CREATE TABLE rate (number bigserial UNIQUE, name text PRIMARY KEY, currency integer REFERENCES currency);
INSERT INTO rate (name, currency) VALUES ('base', 1), ('other', 3);
