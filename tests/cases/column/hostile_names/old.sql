CREATE TABLE "; drop table x; --" (id int);
