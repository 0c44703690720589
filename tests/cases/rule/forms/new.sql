create table t (a integer, c text);
create table log (a integer, at timestamptz);
create view v as select a, c as b from t;
create rule "ins ert" as on insert to v do instead insert into t values (new.a, new.b) returning a, c;
create rule two as on update to t do also insert into log values (new.a, now());
alter table t enable always rule two;
create rule three as on delete to t where old.a = 1 do instead nothing;
comment on rule three on t is 'never';
alter table t enable replica rule three;
