CREATE TABLE item (id int NOT NULL, code text, CONSTRAINT item_key PRIMARY KEY (id));
CREATE TABLE part (item int REFERENCES item (id));
COMMENT ON CONSTRAINT item_key ON item IS 'the key';
