create table t (a integer, b text);
create function next_a() returns integer language sql as 'select 1';
create view v as select a, b from t;
create view w as select a, b from t;
alter view w alter column a set default 5;
alter view w alter column b set default 'x';
comment on column v.a is 'old';
comment on column w.b is 'kept';
