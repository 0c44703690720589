CREATE TABLE stays (label text);
