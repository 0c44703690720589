CREATE SEQUENCE ticket;
CREATE TABLE new_home (id bigint DEFAULT nextval('ticket'));
ALTER SEQUENCE ticket OWNED BY new_home.id;
