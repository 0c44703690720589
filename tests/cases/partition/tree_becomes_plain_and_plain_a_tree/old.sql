create table t(a int not null, b text) partition by list (a);
create table m partition of t for values in (1);
create table m2 partition of t for values in (2);
create index on t(b);
