CREATE TABLE people (a text);
