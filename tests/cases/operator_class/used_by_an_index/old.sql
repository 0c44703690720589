CREATE TABLE item (n int);
