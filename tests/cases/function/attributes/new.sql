create function plain(a integer) returns integer language sql as 'select a + 1';
create function strict_one(text) returns text language sql stable leakproof cost 50 as 'select $1';
create function definer() returns void language plpgsql security invoker set search_path = public, pg_temp set work_mem = '8MB' as $$ begin
	perform 1;
end $$;
create function rows_one(n integer, out id integer, out name text) returns setof record language sql rows 70 as 'select 1, null::text';
create function var(parts text[]) returns text language sql as 'select 1::text';
create function "weird $$ name"("a b" text default 'it''s', "$function$" integer default 4) returns text language sql as
$body$ select '$$ $function$ $_$ \ '' "' || "a b" $body$;
comment on function "weird $$ name"(text, integer) is 'odd';
