CREATE TABLE item (id int, b int, c int, UNIQUE (b, c), a text);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE OF b, c ON item FOR EACH ROW EXECUTE FUNCTION touch();
