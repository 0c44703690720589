CREATE TYPE point3 AS (x int, y int, z int);
CREATE TABLE shape (id int, corner point3, corners point3[]);
CREATE FUNCTION corner_of(s shape) RETURNS point3 LANGUAGE sql AS 'SELECT s.corner';
