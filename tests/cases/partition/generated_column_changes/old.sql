create table t(a int, b int generated always as (a*2) stored) partition by list (a);
create table m partition of t for values in (1);
