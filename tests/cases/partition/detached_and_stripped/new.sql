create table p(id int primary key);
create table t(id int not null, r int not null, v int, p_id int references p, primary key (id, r), check (v > 0)) partition by range (r);
create table t1(id int not null, r int not null, v int, p_id int, extra int);
create table t2 partition of t for values from (10) to (20);
