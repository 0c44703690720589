-- One CREATE TABLE with both keys makes only the first.
CREATE SCHEMA store;
