CREATE TYPE row_of AS (id int, label text);
CREATE TABLE other OF row_of;
CREATE TABLE item OF row_of (PRIMARY KEY (id), label WITH OPTIONS DEFAULT 'none');
