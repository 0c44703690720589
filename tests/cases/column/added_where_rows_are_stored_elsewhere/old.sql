CREATE TABLE address (street text);
CREATE TABLE district (area text) PARTITION BY LIST (area);
CREATE TABLE district_north PARTITION OF district FOR VALUES IN ('north');
CREATE TYPE route AS (start address, stops address[]);
CREATE TABLE visit (at address, of district_north);
