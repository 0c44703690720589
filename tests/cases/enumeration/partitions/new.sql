create type e as enum ('b','a');
create table p (id int, s e default 'a', primary key (id)) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20);
create index on p (s);
create table par (s e); create table chi () inherits (par);
