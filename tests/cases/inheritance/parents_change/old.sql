create table a(id int, x text);
create table b(y int);
create table kid(z int, y int) inherits (a);
alter table kid inherit b;
create table loose(id int, x text);
create table dup(id int, x text, q int) inherits (a);
alter table a add constraint ck check (id>0);
