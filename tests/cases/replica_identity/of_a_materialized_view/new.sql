create table t (a integer not null, b integer not null);
create materialized view gains as select a from t;
alter table gains replica identity full;
create materialized view loses as select a from t;
create materialized view rebuilt as select b from t;
alter materialized view rebuilt replica identity nothing;
create materialized view made as select b from t;
alter materialized view made replica identity full;
