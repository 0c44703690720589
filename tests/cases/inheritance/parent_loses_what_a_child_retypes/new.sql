CREATE TABLE person (name text);
CREATE TABLE employee (born numeric(10,2), salary integer) INHERITS (person);
CREATE POLICY known ON employee AS RESTRICTIVE USING (born IS NOT NULL);
CREATE TABLE vehicle ();
CREATE TABLE car () INHERITS (vehicle);
CREATE TABLE taxi (plate text) INHERITS (car);
