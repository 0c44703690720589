create extension btree_gist;
create table a(id int primary key with (fillfactor=70), x int unique, during int4range);
alter table a add constraint ex exclude using gist (x with =, int4range(x, id) with &&) with (buffering=off) where (x > 0);
comment on index a_pkey is 'old';
