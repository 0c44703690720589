create table t (a integer, b integer, c integer);
create function total() returns bigint language sql stable begin atomic select sum(b) from t; end;
create function kept() returns bigint language sql stable begin atomic select sum(a) from t; end;
create view v as select total() as total;
