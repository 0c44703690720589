CREATE TABLE guest (id int, name text, since date);
CREATE FUNCTION guests() RETURNS SETOF guest LANGUAGE sql STABLE AS 'SELECT * FROM guest';
CREATE VIEW guest_ids AS SELECT id::bigint AS id FROM guests() AS g;
