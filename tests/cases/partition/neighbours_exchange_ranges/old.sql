create table t(r int not null, v int) partition by range (r);
create table t1 partition of t for values from (0) to (10);
create table t2 partition of t for values from (10) to (20);
create table other(r int not null, v int) partition by range (r);
create table moves partition of t for values from (20) to (30);
create index on t(v); create index on other(v);
