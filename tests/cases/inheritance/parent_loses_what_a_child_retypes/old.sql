CREATE TABLE person (name text, born timestamptz);
CREATE TABLE employee (salary integer) INHERITS (person);
CREATE POLICY known ON employee AS RESTRICTIVE USING (born IS NOT NULL);
-- Two steps down.
CREATE TABLE vehicle (plate integer NOT NULL);
CREATE TABLE car () INHERITS (vehicle);
CREATE TABLE taxi () INHERITS (car);
