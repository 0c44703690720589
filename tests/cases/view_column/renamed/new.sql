create table t (a integer, b text);
create view v as select a,
    -- @renamed from=b
    b as "C"
  from t;
comment on column v."C" is 'kept';
create view over_v as select "C" as b from v;
create materialized view m as select a, b from t;
