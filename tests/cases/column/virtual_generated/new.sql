create table t (a integer, b integer generated always as (a + 2) virtual, c integer generated always as (a * 2) virtual, d integer, e text generated always as (repeat('x', a)) virtual not null);
create table stays (a integer, b integer generated always as (a) virtual);
create view v as select b, c from t;
comment on column t.e is 'read';
