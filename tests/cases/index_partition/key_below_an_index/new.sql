create schema "Part S";
create table t(r int not null, v int) partition by range (r);
create table "Part S"."t""1" partition of t for values from (0) to (10);
alter table "Part S"."t""1" add constraint ck1 unique (r, v);
create unique index "I""x" on t(r, v);
create index both1 on t(v); create index both2 on t(v);
