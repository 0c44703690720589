create table t (a integer);
create function f() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger one before insert on t for each row execute function f();
create rule two as on delete to t do instead nothing;
create policy three on t using (a > 1);
create view v as select a from t;
alter view v alter column a set default 3;
create materialized view m as select a as x from t;
comment on column m.x is 'kept';
