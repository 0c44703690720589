create table t (id int primary key, state varchar(10) check (state in ('new', 'it''s, "done"', 'x)])::text[]')), size char(3), amount numeric);
create index partial on t (id) where state in ('new', 'done');
create index expression on t ((state in ('new', 'done')));
create view open as select id, case when size = any (array['s', 'm']::varchar[]) then 1 end as fits from t where state not in ('done', 'gone');
create policy mine on t using (state in ('new', 'done')) with check (state <> all (array['a', 'b']::varchar[]));
create domain word as varchar check (value in ('a', 'b'));
create table computed (state varchar, open boolean generated always as (state in ('new', 'done')) stored);
