CREATE TABLE note (id int, title text, body text);
CREATE INDEX note_title ON note (title);
