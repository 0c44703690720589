CREATE DOMAIN degree AS smallint CONSTRAINT within CHECK (VALUE BETWEEN -180 AND 180);
CREATE TYPE place AS (north jsonb, east jsonb);
CREATE TABLE town (name text, at place NOT NULL);
CREATE DOMAIN percent AS integer CONSTRAINT whole CHECK (VALUE <= 100);
CREATE TYPE share AS (of percent);
CREATE TABLE holding (parts text, whole percent);
