create table t (id serial, b bigserial not null, x int);
