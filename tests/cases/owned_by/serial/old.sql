create table t (id serial primary key, name text);
create table u (id int);
create sequence s;
