create table a(id int, x text default 'a');
create table b(id int, y int);
create table c(z int);
