create table t (a bigint, b text, c text);
create materialized view m as select b, c from t;
alter materialized view m alter column b set storage main;
alter materialized view m alter column b set statistics 5;
alter materialized view m alter column c set (n_distinct = 20);
create materialized view rebuilt as select a, b from t;
alter materialized view rebuilt alter column a set statistics 7;
alter materialized view rebuilt alter column b set storage plain;
