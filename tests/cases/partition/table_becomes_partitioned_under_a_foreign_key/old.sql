CREATE TABLE item (id int PRIMARY KEY);
CREATE TABLE event (id int, item int REFERENCES item, PRIMARY KEY (id));
