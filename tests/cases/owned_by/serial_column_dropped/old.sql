CREATE TABLE stays (id serial, label text);
