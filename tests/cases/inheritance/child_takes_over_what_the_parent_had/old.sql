CREATE DOMAIN day AS date NOT NULL;
CREATE TABLE p (a integer, b day, c text, CONSTRAINT long CHECK (c <> ''));
CREATE TABLE c () INHERITS (p);
CREATE TABLE d () INHERITS (p);
CREATE TABLE g () INHERITS (c);
