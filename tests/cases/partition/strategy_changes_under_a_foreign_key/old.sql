create table t(r int not null, v int, primary key (r)) partition by range (r);
create table t1 partition of t for values from (0) to (10);
create table q(r int references t);
