CREATE TABLE item (id int, "b ""c" text);
GRANT SELECT ON item TO planwright_reader WITH GRANT OPTION;
GRANT SELECT, UPDATE ON item TO planwright_writer;
GRANT UPDATE ("b ""c"), REFERENCES (id) ON item TO "planwright ""odd"" ; role";
