create table a (id int primary key, name text);
create index a_name_idx on a (name);
alter table a cluster on a_pkey;
create table b (id int);
create index b_id_idx on b (id);
