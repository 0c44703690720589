CREATE TABLE item (id int);
CREATE INDEX plain ON item (id);
