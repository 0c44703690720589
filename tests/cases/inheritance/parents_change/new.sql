create table a(id bigint not null, x text, added int, constraint ck check (id>1));
create table b(y int, constraint cb check (y>0) not valid);
alter table b add constraint cb2 check (y > 1) not valid;
create table kid(z int, y int) inherits (a);
create table loose(id bigint not null, x text, added int, constraint ck check (id>1)); alter table loose inherit a;
create table dup(id bigint, x text, q int) inherits (a);
