CREATE TABLE "; drop table x; --" (
    id int,
    """" text DEFAULT '"',
    "'" text DEFAULT '''',
    "$$" text DEFAULT E'\\ \n $$',
    "--" text DEFAULT '/*',
    "TABLE" int CHECK ("TABLE" > 0),
    "naïve ☂" text COLLATE "C"
);
