create table a(id int primary key, x int); create index a_x on a(x); alter table a cluster on a_x;
create table b(id int primary key, x int); alter table b cluster on b_pkey;
create table c(id int, x int); create index c_x on c(x); alter table c cluster on c_x;
create materialized view m as select id, x from a; create index m_x on m(x); create index m_id on m(id); alter materialized view m cluster on m_x;
