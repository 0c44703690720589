CREATE TABLE item (id int, code text, CONSTRAINT item_key UNIQUE (id));
CREATE TABLE part (item int REFERENCES item (id));
