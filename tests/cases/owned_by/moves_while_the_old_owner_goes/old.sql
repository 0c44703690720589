CREATE SEQUENCE ticket;
CREATE TABLE old_home (id bigint DEFAULT nextval('ticket'));
ALTER SEQUENCE ticket OWNED BY old_home.id;
