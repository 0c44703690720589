-- @renamed from=before
create function after(a integer) returns integer language sql immutable as 'select a';
-- @renamed from=sum_before
create aggregate sum_after(integer) (sfunc = int4pl, stype = integer);
-- @renamed from=call_before
create procedure "Call after"(in a integer, inout b integer) language sql as 'select 1';
create table t (a integer default after(1));
create view v as select after(a) as x, sum_after(a) as y from t group by a;
comment on function after(integer) is 'kept';
