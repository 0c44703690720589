create table t (a integer, b integer generated always as (a + 1) virtual, c integer generated always as (a * 2) stored, d integer);
create table stays (a integer, b integer generated always as (a) virtual);
create view v as select b, c from t;
