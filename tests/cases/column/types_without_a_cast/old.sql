CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE span AS RANGE (subtype = date);
CREATE TABLE t (a smallint, b integer DEFAULT 1, c mood, d integer[], e json, f span, g boolean, h numeric(10,2));
