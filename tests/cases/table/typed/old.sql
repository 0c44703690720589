CREATE TYPE row_of AS (id int, label text);
CREATE TABLE other OF row_of;
