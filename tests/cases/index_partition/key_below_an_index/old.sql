create schema "Part S";
create table t(r int not null, v int) partition by range (r);
create table "Part S"."t""1" partition of t for values from (0) to (10);
