CREATE TABLE item (id int PRIMARY KEY, n int, parent int);
ALTER TABLE item ADD CONSTRAINT positive CHECK (n > 0);
ALTER TABLE item ADD CONSTRAINT up FOREIGN KEY (parent) REFERENCES item;
