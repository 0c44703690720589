CREATE TABLE item (id int);
REVOKE DELETE ON item FROM postgres;
