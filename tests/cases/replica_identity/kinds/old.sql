create table a (id int primary key); alter table a replica identity full;
create table b (id int not null, c int); create unique index b_id_idx on b (id);
create table c (id int primary key); alter table c replica identity nothing;
