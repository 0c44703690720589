create table t (a integer not null, b integer not null);
create materialized view gains as select a from t;
create materialized view loses as select a from t;
alter table loses replica identity full;
create materialized view rebuilt as select a from t;
alter materialized view rebuilt replica identity nothing;
