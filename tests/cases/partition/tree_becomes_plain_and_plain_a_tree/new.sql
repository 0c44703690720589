create table t(a int not null, b text);
create table m (a int not null, b text) partition by range (a);
create table m2 partition of m for values from (2) to (3);
create index on m(b);
