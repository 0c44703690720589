CREATE TABLE event (id int NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE event_2024 (id int NOT NULL, day date NOT NULL, PRIMARY KEY (id, day));
