create table t(r int not null, v int) partition by range (r);
create table t1 partition of t for values from (0) to (10);
create table t2 partition of t for values from (10) to (20);
create index i on only t(v); create index i1 on t1(v); create index i2 on t2(v); alter index i attach partition i2;
alter table only t add constraint k unique(r, v);
