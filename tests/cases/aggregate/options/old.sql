create schema "A s";
create function "A s".add(a integer, b integer) returns integer language sql immutable as 'select $1 + coalesce($2, 0)';
create function "A s".fin(integer) returns integer language sql immutable as 'select $1';
create function "A s".fin_extra(integer, integer) returns integer language sql immutable as 'select $1';
create aggregate "A s"."my sum"(integer) (sfunc = "A s".add, stype = integer, initcond = '0');
create aggregate "A s".moving(integer) (sfunc = "A s".add, stype = integer, sspace = 40, finalfunc = "A s".fin,
  combinefunc = int4pl, initcond = '0', msfunc = int4pl, minvfunc = int4mi, mstype = integer, msspace = 20, mfinalfunc = "A s".fin,
  minitcond = '1', parallel = safe);
create aggregate biggest(integer) (sfunc = int4larger, stype = integer, sortop = >);
create aggregate starred(*) (sfunc = int8inc, stype = bigint, initcond = '0');
comment on aggregate starred(*) is 'counts';
create aggregate averaged(numeric) (sfunc = numeric_avg_accum, stype = internal, finalfunc = numeric_avg, combinefunc = numeric_avg_combine,
  serialfunc = numeric_avg_serialize, deserialfunc = numeric_avg_deserialize, parallel = safe);
create view sums as select "A s"."my sum"(x) from generate_series(1, 3) x;
