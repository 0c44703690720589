create table t (id bigint, name text);
create view v as select id, name from t;
create materialized view m as select id, name from v;
create materialized view n with (fillfactor = 70) as select id from m with no data;
comment on materialized view m is 'kept';
comment on column m.name is 'kept';
create view over_m as select name from m;
