create schema "A s";
create function "A s".add(a integer, b integer) returns integer language sql immutable as 'select $1 + coalesce($2, 1)';
create function "A s".fin(integer) returns integer language sql immutable as 'select $1';
create function "A s".fin_extra(integer, integer) returns integer language sql immutable as 'select $1';
create aggregate "A s"."my sum"(integer) (sfunc = "A s".add, stype = integer, initcond = '1', finalfunc = "A s".fin_extra, finalfunc_extra, finalfunc_modify = shareable, parallel = restricted);
create aggregate "A s".moving(integer) (sfunc = "A s".add, stype = integer, sspace = 41, finalfunc = "A s".fin, finalfunc_modify = read_write,
  initcond = '0', msfunc = int4pl, minvfunc = int4mi, mstype = integer, mfinalfunc = "A s".fin_extra, mfinalfunc_extra, mfinalfunc_modify = shareable,
  minitcond = '2');
create aggregate biggest(integer) (sfunc = int4larger, stype = integer, sortop = <);
create aggregate starred(*) (sfunc = int8inc, stype = bigint, initcond = '7');
comment on aggregate starred(*) is 'counts on';
create aggregate averaged(numeric) (sfunc = numeric_avg_accum, stype = internal, finalfunc = numeric_avg, parallel = safe);
create function textcat_all(text, text, text) returns text language sql as 'select $1';
create aggregate texts(text, delimiter text) (sfunc = textcat_all, stype = text, initcond = E'a\\''b');
create view sums as select "A s"."my sum"(x) from generate_series(1, 3) x;
