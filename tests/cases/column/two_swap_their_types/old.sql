CREATE TYPE a AS ENUM ('x', 'y');
CREATE DOMAIN b AS text;
CREATE TABLE item (one a, two b);
