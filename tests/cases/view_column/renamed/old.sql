create table t (a integer, b text);
create view v as select a, b from t;
comment on column v.b is 'kept';
create view over_v as select b from v;
create materialized view m as select a, b from t;
