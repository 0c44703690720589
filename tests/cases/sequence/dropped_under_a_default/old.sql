CREATE SEQUENCE ticket;
CREATE TABLE one (id bigint DEFAULT nextval('ticket'));
CREATE TABLE two (id bigint DEFAULT nextval('ticket'));
