create table t (a integer, b text, c text);
create function next_a(start integer default 1) returns integer language sql as 'select $1';
create view v as select a, b, c as "C" from t;
alter view v alter column a set default next_a();
alter view v alter column "C" set default 'it''s';
comment on column v."C" is 'new';
create view w as select a, b from t where a > 0;
alter view w alter column a set default 6;
comment on column w.b is 'kept';
