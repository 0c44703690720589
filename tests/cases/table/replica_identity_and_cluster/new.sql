CREATE TABLE item (id int NOT NULL, code text NOT NULL);
CREATE UNIQUE INDEX item_code ON item (code);
CREATE INDEX item_id ON item (id);
ALTER TABLE item REPLICA IDENTITY USING INDEX item_code;
ALTER TABLE item CLUSTER ON item_id;
