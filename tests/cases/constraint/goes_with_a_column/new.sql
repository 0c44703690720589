create table p(id int primary key);
create table t(a int, d bigint);
