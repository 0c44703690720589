create extension citext; create extension pg_trgm; create extension cube; create extension earthdistance;
create table t (a citext, b text);
create index on t using gin (b gin_trgm_ops);
create view v as select a from t;
