CREATE TABLE item (id int, label text);
CREATE TABLE log (id int, label text);
CREATE RULE noted AS ON INSERT TO item WHERE NEW.id > 0 DO ALSO INSERT INTO log VALUES (NEW.id, NEW.label);
CREATE RULE kept AS ON DELETE TO item DO INSTEAD NOTHING;
ALTER TABLE item DISABLE RULE kept;
COMMENT ON RULE kept ON item IS 'never delete';
