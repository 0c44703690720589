CREATE TABLE stays (id int);
CREATE TABLE tree (id int, height int);
CREATE FUNCTION tallest() RETURNS SETOF tree LANGUAGE sql STABLE AS 'SELECT * FROM tree ORDER BY height DESC LIMIT 1';
CREATE FUNCTION tallest_height() RETURNS int LANGUAGE sql STABLE AS 'SELECT height FROM tallest()';
ALTER TABLE tree ALTER height SET DEFAULT tallest_height();
