CREATE TABLE item (id int);
-- @renamed from=plain
CREATE INDEX "x""; DROP TABLE item; --" ON item (id);
