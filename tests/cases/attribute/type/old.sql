create type free as (a int, b text, c date);
create type stored as (a int, b text);
create type inside as (s stored, n int);
create table t (s stored, many stored[], i inside default null);
