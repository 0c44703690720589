create table t(r int not null, v int) partition by range (r);
create table t1(r int not null, v int, constraint mykey unique (r, v)); create index mine on t1(v);
alter table t attach partition t1 for values from (0) to (10);
create table t2 partition of t for values from (10) to (20);
create index i on t(v); alter table t add constraint k unique(r, v);
