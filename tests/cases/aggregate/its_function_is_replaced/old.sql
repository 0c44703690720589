CREATE FUNCTION add_up(state int, n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT state + n';
CREATE AGGREGATE total(int) (SFUNC = add_up, STYPE = int, INITCOND = '0');
CREATE TABLE item (n int);
CREATE VIEW summed AS SELECT total(n) AS n FROM item;
