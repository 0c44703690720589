create sequence a_id_seq as integer;
create table b (id int default nextval('a_id_seq'));
create table z (id int generated always as identity (sequence name z_numbers), keep serial);
