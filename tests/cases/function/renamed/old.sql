create function before(a integer) returns integer language sql immutable as 'select a';
create aggregate sum_before(integer) (sfunc = int4pl, stype = integer);
create procedure call_before(in a integer, inout b integer) language sql as 'select 1';
create table t (a integer default before(1));
create view v as select before(a) as x, sum_before(a) as y from t group by a;
comment on function before(integer) is 'kept';
