CREATE TABLE item (id int, label text, tags int[]);
CREATE INDEX item_label ON item (label);
