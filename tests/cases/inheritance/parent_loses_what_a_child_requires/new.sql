CREATE TABLE vehicle (place text);
CREATE TABLE car (plate integer NOT NULL) INHERITS (vehicle);
CREATE TABLE taxi () INHERITS (car);
