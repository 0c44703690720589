CREATE DOMAIN degree AS smallint;
CREATE TYPE place AS (north degree, east degree);
CREATE TABLE town (name text, at place NOT NULL);
CREATE DOMAIN percent AS integer;
CREATE TYPE share AS (of percent);
CREATE TABLE holding (parts share, whole percent);
