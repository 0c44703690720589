create function plain(a integer) returns integer language sql as 'select a';
create function strict_one(text) returns text language sql strict immutable parallel safe cost 5 as 'select $1';
create function definer() returns void language plpgsql security definer set search_path = '' as $$ begin end $$;
create function rows_one(n integer, out id integer, out name text) returns setof record language sql rows 7 as 'select 1, null::text';
create function var(variadic parts text[]) returns text language sql as 'select 1::text';
create function "weird $$ name"("a b" text default 'it''s', "$function$" integer default 3) returns text language sql as
$body$ select '$$ $function$ \ '' "' || "a b" $body$;
comment on function "weird $$ name"(text, integer) is 'odd';
