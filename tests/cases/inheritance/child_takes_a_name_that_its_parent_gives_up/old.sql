CREATE TABLE things (
    name text,
    size integer,
    CONSTRAINT sized CHECK (size IS NOT NULL)
);
CREATE VIEW sizes AS SELECT name, size FROM things;
