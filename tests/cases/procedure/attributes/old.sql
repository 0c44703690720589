create schema s;
create procedure p(a integer, inout b text) language plpgsql as $$ begin b := 'x'; end $$;
create procedure q(a integer default 1) language sql as 'select 1';
create procedure s.r() language sql as '';
