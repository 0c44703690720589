CREATE TABLE item (id serial PRIMARY KEY);
CREATE TABLE part (item int REFERENCES item (id));
