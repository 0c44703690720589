create table t (a integer, b text);
create table log (a integer, at timestamptz);
create view v as select a, b from t;
create rule "ins ert" as on insert to v do instead insert into t values (new.a, new.b) returning a, b;
create rule two as on update to t where old.a <> new.a do also (insert into log values (old.a, now()); insert into log values (new.a, now()));
create rule three as on delete to t do instead nothing;
comment on rule three on t is 'never';
alter table t disable rule three;
