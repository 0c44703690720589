CREATE TABLE note (id int, title text COLLATE "POSIX" NOT NULL, body text COMPRESSION pglz);
ALTER TABLE note ALTER body SET STORAGE EXTERNAL, ALTER id SET STATISTICS 250;
ALTER TABLE note ALTER title SET (n_distinct = -0.5);
CREATE INDEX note_title ON note (title);
