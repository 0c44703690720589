create schema s;
create procedure p(a integer, inout b text) language plpgsql security definer set search_path = pg_catalog as $$ begin b := 'y'; commit; end $$;
create procedure q(a integer) language sql as 'select 1';
create procedure s.r() language sql as 'select 2';
comment on procedure s.r() is 'did nothing';
