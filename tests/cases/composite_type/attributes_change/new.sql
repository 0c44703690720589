CREATE TYPE address AS (street text, zip varchar(9), "Country" char(2) COLLATE "C");
