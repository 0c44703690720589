CREATE FOREIGN DATA WRAPPER one OPTIONS (a '1', b 'x=y');
CREATE FOREIGN DATA WRAPPER two;
CREATE SERVER moved TYPE 'foo' VERSION '1' FOREIGN DATA WRAPPER one OPTIONS (host 'h', port '1');
CREATE USER MAPPING FOR planwright_reader SERVER moved OPTIONS ("user" 'a''b');
CREATE FOREIGN TABLE item (id int OPTIONS (name 'i') NOT NULL, label text DEFAULT 'x') SERVER moved OPTIONS (t 'q');
GRANT USAGE ON FOREIGN SERVER moved TO planwright_writer;
GRANT SELECT ON item TO planwright_writer;
COMMENT ON COLUMN item.id IS 'the key';
