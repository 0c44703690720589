CREATE TABLE things (name text);
CREATE TABLE boxes (
    size integer,
    CONSTRAINT sized CHECK (size IS NOT NULL) NO INHERIT
) INHERITS (things);
CREATE VIEW sizes AS SELECT name, size FROM boxes;
