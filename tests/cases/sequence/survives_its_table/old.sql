create table a (id serial);
create table b (id int default nextval('a_id_seq'));
create table z (id serial, keep int);
