create type free as (a bigint, b text collate "C", c timestamp(3), d int);
create type stored as (a bigint, b varchar(10));
create type inside as (s stored, n int);
create table t (s stored, many stored[], i inside default null);
