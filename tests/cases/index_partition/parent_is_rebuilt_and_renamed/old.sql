create table t(r int not null, v int, w int) partition by range (r);
create table t1 partition of t for values from (0) to (10);
create table t2 partition of t for values from (10) to (20) partition by range (r);
create table t2a partition of t2 default;
create index i on t(v);
create index renamed_old on t(w);
create unique index u on t(r);
