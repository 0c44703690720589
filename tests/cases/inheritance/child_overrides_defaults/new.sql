create table a(id int default 1, x text default 'p', n int not null default 3);
create table k() inherits (a); alter table k alter id set default 5; alter table k alter x drop default; alter table k alter n set default 4;
create table k2() inherits (a); alter table k2 alter id set default 5; alter table k2 alter x drop default; alter table k2 alter x set not null;
alter table k2 alter x set statistics 7;
