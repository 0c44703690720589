create table p(id int primary key);
create table t(id int not null, r int not null, v int, p_id int references p, extra int, primary key (id, r), check (v > 0)) partition by range (r);
create table t1 partition of t for values from (0) to (10);
create table t2 partition of t for values from (10) to (20);
create index t_v on t(v);
