create table t (a bigint, c integer, d integer);
create function total() returns bigint language sql stable begin atomic select sum(c) + max(d) from t; end;
create function kept() returns bigint language sql stable begin atomic select sum(a)::bigint from t; end;
create view v as select total() as total;
