create table t (a integer) partition by list (a);
create table t1 partition of t for values in (1);
create index one on only t (a);
create index two on only t (a);
create index one_t1 on t1 (a);
create index two_t1 on t1 (a);

--@ parent
--@ parent: and of the other
alter index {{one|two}} attach partition one_t1;
alter index {{two|one}} attach partition two_t1;
