create table t (a integer, b text, c text);
create materialized view m as select a, b, c from t;
alter materialized view m alter column a set statistics 50;
alter materialized view m alter column b set storage external;
alter materialized view m alter column c set (n_distinct = 10, n_distinct_inherited = 3);
create materialized view rebuilt as select a, b from t;
alter materialized view rebuilt alter column a set statistics 7;
alter materialized view rebuilt alter column b set storage plain;
