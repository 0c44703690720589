create extension btree_gist;
create table a(id int primary key with (deduplicate_items=off), x int constraint "a x" unique with (fillfactor=55), during int4range);
alter table a add constraint ex exclude using gist (x with =, int4range(x, id) with &&) where (x > 0);
alter index ex alter column 2 set statistics 300;
comment on index a_pkey is 'new'; comment on constraint a_pkey on a is 'another'; comment on index "a x" is 'it''s';
