CREATE FOREIGN DATA WRAPPER files;
CREATE SERVER disk FOREIGN DATA WRAPPER files;
CREATE FOREIGN TABLE remote (id bigint OPTIONS (name 'b') NOT NULL, label text DEFAULT 'x', CONSTRAINT positive CHECK (id > 0)) SERVER disk OPTIONS (path '/y', mode 'r');
COMMENT ON FOREIGN TABLE remote IS 'far';
