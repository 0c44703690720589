create table a(id int primary key);
create table b(id int primary key, x int not null unique); alter table b replica identity using index b_x_key;
create table c(id int primary key); alter table c replica identity full;
create table d(id int not null);
