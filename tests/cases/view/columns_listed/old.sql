CREATE TABLE users (id integer, name text, born date);
CREATE VIEW people AS SELECT u.ident FROM users u(ident);
CREATE VIEW adults AS SELECT u.ident FROM users u(ident) JOIN users other(ident) USING (ident);
CREATE VIEW birthdays AS SELECT u.ident, u.born FROM users u(ident);
