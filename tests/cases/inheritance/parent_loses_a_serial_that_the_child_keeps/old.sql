CREATE TABLE p (a integer, b serial);
CREATE TABLE c (b integer NOT NULL) INHERITS (p);
CREATE TABLE g () INHERITS (c, p);
