create table other (a integer);
create table items (id integer, size integer);
create function all_items() returns setof items language plpgsql as $$ begin return query select * from items; end $$;
create function item_count() returns integer language plpgsql as $$ begin return (select count(*) from all_items()); end $$;
create function of_row(i items) returns integer language sql immutable as 'select 1';
alter table items alter column size set default (item_count() + of_row(null));
alter table other add column i integer default of_row(null);
create view item_view as select * from all_items();
