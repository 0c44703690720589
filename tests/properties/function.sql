create table t (a integer, b text);
create function support(internal) returns internal language internal strict as 'generate_series_int4_support';

--@ definition, security_definer
create function guarded() returns integer language sql {{|security definer}} as 'select 1';

--@ definition: body
create function body() returns integer language sql as 'select {{1|2}}';

--@ definition: language
create function speaks() returns void language {{sql|plpgsql}} as '{{|begin end}}';

--@ definition: volatility
create function volatility() returns integer language sql {{|immutable}} as 'select 1';

--@ definition: strict
create function stern(integer) returns integer language sql {{|strict}} as 'select 1';

--@ definition: leakproof
create function tight(integer) returns integer language sql {{|leakproof}} as 'select 1';

--@ definition: parallel
create function parallels() returns integer language sql {{|parallel safe}} as 'select 1';

--@ definition: cost
create function costs() returns integer language sql cost {{50|60}} as 'select 1';

--@ definition: rows
create function many() returns setof integer language sql rows {{50|60}} as 'select 1';

--@ definition: support
create function supported(integer, integer) returns setof integer language internal {{|support support}} as 'generate_series_int4';

--@ definition: settings
create function sets() returns integer language sql set work_mem = '{{1MB|2MB}}' as 'select 1';

--@ definition: one setting less
create function sets_path() returns integer language sql {{|set search_path = pg_catalog, "odd name"}} as 'select 1';

--@ definition: object file and symbol
create function linked(integer, integer, cstring, internal, integer, boolean) returns integer language c strict as '$libdir/utf8_and_iso8859_1', '{{iso8859_1_to_utf8|utf8_to_iso8859_1}}';

--@ definition: parameter's default
create function defaults(a integer default {{1|2}}) returns integer language sql as 'select 1';

--@ definition: atomic body (since 14)
create function atomic() returns bigint language sql begin atomic select count({{a|b}}) from t; end;

--@ definition: transform
create transform for integer language sql (from sql with function prsd_lextype(internal), to sql with function int4recv(internal));
create function transformed(integer) returns integer language sql {{|transform for type integer}} as 'select 1';

--@ definition, window
create function windowed() returns bigint language internal {{|window}} as 'window_row_number';

--@ definition, result
create function result() returns {{integer|bigint}} language internal as 'int4um';

--@ definition, result: a set
create function results() returns {{|setof}} integer language sql as 'select 1';

--@ definition, result: columns of a table
create function columns() returns table (a integer, b {{text|varchar}}) language sql as 'select 1, null';

--@ definition, inputs: a parameter renamed
create function parameters({{a|b}} integer) returns integer language sql as 'select 1';

--@ definition, inputs: a parameter named
create function nameless({{|a}} integer) returns integer language sql as 'select 1';

--@ defaults, definition: a default less
create function omits(a integer {{|default 1}}) returns integer language sql as 'select 1';

--@ defaults, definition: of a polymorphic parameter
create function polymorphic(a anyelement default {{1|2}}) returns integer language sql as 'select 1';
