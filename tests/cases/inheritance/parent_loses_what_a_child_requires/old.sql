CREATE TABLE vehicle (plate integer NOT NULL, place text);
CREATE TABLE car () INHERITS (vehicle);
CREATE TABLE taxi () INHERITS (car);
