create function fin(integer) returns integer language sql immutable as 'select $1';
create function fin_extra(integer, integer) returns integer language sql immutable as 'select $1';
create function fin_bigint(integer) returns bigint language sql immutable as 'select $1::bigint';
create function direct(integer[], integer, integer) returns integer language sql immutable as 'select $2';
create function collects(integer[], integer) returns integer[] language sql immutable as 'select $1 || $2';
create function collects_two(integer[], integer, integer) returns integer[] language sql immutable as 'select $1 || $2';

--@ definition: sfunc
create aggregate sfunc(integer) (sfunc = {{int4pl|int4larger}}, stype = integer);

--@ definition: state and its function
create aggregate stype(integer) (sfunc = {{int4pl|int4larger}}, stype = integer, initcond = '0');

--@ definition: sspace
create aggregate sspace(integer) (sfunc = int4pl, stype = integer{{|, sspace = 40}});

--@ definition: finalfunc
create aggregate finalfunc(integer) (sfunc = int4pl, stype = integer{{|, finalfunc = fin}});

--@ definition: finalfunc_extra
create aggregate finalextra(integer) (sfunc = int4pl, stype = integer, finalfunc = {{fin|fin_extra, finalfunc_extra}});

--@ definition: finalfunc_modify
create aggregate finalmodify(integer) (sfunc = int4pl, stype = integer, finalfunc = fin{{|, finalfunc_modify = shareable}});

--@ definition: combinefunc
create aggregate combine(integer) (sfunc = int4pl, stype = integer{{|, combinefunc = int4pl}});

--@ definition: initcond
create aggregate initcond(integer) (sfunc = int4pl, stype = integer, initcond = '{{0|1}}');

--@ definition: parallel
create aggregate parallels(integer) (sfunc = int4pl, stype = integer{{|, parallel = safe}});

--@ definition: sortop
create aggregate sortop(integer) (sfunc = int4larger, stype = integer{{|, sortop = >}});

--@ definition: serialfunc
create aggregate serial(numeric) (sfunc = numeric_avg_accum, stype = internal, finalfunc = numeric_avg, combinefunc = numeric_avg_combine{{|, serialfunc = numeric_avg_serialize, deserialfunc = numeric_avg_deserialize}});

--@ definition: moving
create aggregate moving(integer) (sfunc = int4pl, stype = integer{{|, msfunc = int4pl, minvfunc = int4mi, mstype = integer}});

--@ definition: msfunc
create aggregate msfunc(integer) (sfunc = int4pl, stype = integer, msfunc = {{int4pl|int4larger}}, minvfunc = int4mi, mstype = integer);

--@ definition: minvfunc
create aggregate minvfunc(integer) (sfunc = int4pl, stype = integer, msfunc = int4pl, minvfunc = {{int4mi|int4mul}}, mstype = integer);

--@ definition: msspace
create aggregate msspace(integer) (sfunc = int4pl, stype = integer, msfunc = int4pl, minvfunc = int4mi, mstype = integer{{|, msspace = 9}});

--@ definition: mfinalfunc
create aggregate mfinal(integer) (sfunc = int4pl, stype = integer, msfunc = int4pl, minvfunc = int4mi, mstype = integer, finalfunc = fin{{, mfinalfunc = fin|, mfinalfunc = fin_extra, mfinalfunc_extra}});

--@ definition: mfinalfunc_modify
create aggregate mmodify(integer) (sfunc = int4pl, stype = integer, msfunc = int4pl, minvfunc = int4mi, mstype = integer, mfinalfunc = fin{{|, mfinalfunc_modify = read_write}});

--@ definition: minitcond
create aggregate minit(integer) (sfunc = int4pl, stype = integer, msfunc = int4pl, minvfunc = int4mi, mstype = integer, minitcond = '{{0|1}}');

--@ definition, result
create function fin_text(integer) returns text language sql immutable as 'select $1::text';
create aggregate result(integer) (sfunc = int4pl, stype = integer, finalfunc = {{fin|fin_text}});

--@ inputs, parameters: one renamed
create aggregate renamed({{x|y}} integer) (sfunc = int4pl, stype = integer);

--@ inputs, parameters: one named
create aggregate named({{|x}} integer) (sfunc = int4pl, stype = integer);

