create table t(r int not null, v int, primary key (r)) partition by list (r);
create table t1 partition of t for values in (1,2);
create table q(r int references t);
