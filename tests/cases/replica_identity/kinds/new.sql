create table a (id int primary key);
create table b (id int not null, c int); create unique index b_id_idx on b (id);
alter table b replica identity using index b_id_idx;
create table c (id int primary key); alter table c replica identity using index c_pkey;
