create table t (a integer, b text);

--@ default
create view defaulted as select a, b from t;
alter view defaulted alter a set default {{1|2}};

--@ storage
create materialized view stored as select a, b from t;
alter materialized view stored alter b set storage {{main|external}};

--@ compression (since 14)
create materialized view compressed as select a, b from t;
{{|alter materialized view compressed alter b set compression pglz;}}

--@ statistics
create materialized view counted as select a, b from t;
alter materialized view counted alter b set statistics {{100|200}};

--@ options
create materialized view optional as select a, b from t;
alter materialized view optional alter b set (n_distinct = {{5|6}});
