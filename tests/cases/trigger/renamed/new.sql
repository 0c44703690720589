create table t (a integer);
create function f() returns trigger language plpgsql as $$ begin return new; end $$;
-- @renamed from=one
create trigger "One""" before insert on t for each row execute function f();
-- @renamed from=two
create rule "Two" as on delete to t do instead nothing;
-- @renamed from=three
create policy "Three" on t using (a > 1);
-- @renamed from=v
create view "V" as select a from t;
alter view "V" alter column a set default 3;
-- @renamed from=m
create materialized view "M" as select a as x from t;
comment on column "M".x is 'kept';
