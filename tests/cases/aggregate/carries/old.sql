do $$ begin create role case_caller; exception when duplicate_object then null; end $$;
create function step(state bigint, value integer) returns bigint language sql immutable as 'select state + value';
create function other_step(state numeric, value integer) returns numeric language sql immutable as 'select state + value';
create aggregate total(integer) (sfunc = step, stype = bigint, initcond = '0');
create aggregate starred(*) (sfunc = int8inc, stype = bigint, initcond = '0');
create aggregate nth(double precision order by anyelement) (sfunc = ordered_set_transition, stype = internal,
  finalfunc = percentile_disc_final, finalfunc_extra);
alter aggregate total(integer) owner to case_caller;
alter aggregate nth(double precision order by anyelement) owner to case_caller;
revoke execute on function total(integer) from public;
grant execute on function total(integer) to case_caller;
comment on aggregate total(integer) is 'the total';
create table t (a integer);
create view v as select total(a) as total, starred(*) as one from (select 1 as a) as x having count(*) > 0;
grant select on v to case_caller;
grant select (total) on v to case_caller;
create procedure p(a integer, out b integer) language sql as 'select 1';
alter procedure p(integer) owner to case_caller;
