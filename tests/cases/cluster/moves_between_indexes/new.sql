create table a(id int primary key, x int); create index a_x on a(x desc); alter table a cluster on a_x;
create table b(id int primary key, x int); create index "B""x" on b(x); alter table b cluster on "B""x";
create table c(id int, x int); create index c_x on c(x);
create table d(id int, constraint "d key" primary key (id)); alter table d cluster on "d key";
create materialized view m as select id, x from a; create index m_id on m(id); alter materialized view m cluster on m_id;
