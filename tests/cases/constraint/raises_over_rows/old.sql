CREATE TABLE ticket (number integer NOT NULL, holder text);
