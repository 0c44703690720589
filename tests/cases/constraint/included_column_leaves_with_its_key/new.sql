CREATE TABLE people (
    a text,
    extra integer,
    id integer,
    parent integer,
    CONSTRAINT key PRIMARY KEY (id) INCLUDE (extra),
    CONSTRAINT of_parent FOREIGN KEY (parent) REFERENCES people (id)
);
