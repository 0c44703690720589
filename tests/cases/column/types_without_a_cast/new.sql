CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE span AS RANGE (subtype = date);
CREATE TABLE t (a uuid, b mood DEFAULT 'sad', c integer, d mood[], e integer, f mood, g timestamp(3), h integer);
