create table a(id int primary key); alter table a replica identity full;
create table b(id int primary key, x int not null unique); 
create table c(id int primary key); alter table c replica identity nothing;
create table d(id int not null); create unique index di on d(id); alter table d replica identity using index di;
