CREATE TABLE item (id int, "b ""c" text);
GRANT ALL ON item TO planwright_reader;
GRANT SELECT, INSERT ON item TO planwright_writer WITH GRANT OPTION;
GRANT DELETE ON item TO PUBLIC;
