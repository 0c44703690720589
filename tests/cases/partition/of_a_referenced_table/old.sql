create table t(id int not null, r int not null, primary key (id, r)) partition by range (r);
create table t1 partition of t for values from (0) to (10);
create table t2 partition of t for values from (10) to (20);
create table t3 partition of t for values from (20) to (30);
create table refers(id int, r int, foreign key (id, r) references t);
create table refers2(id int, r int, foreign key (id, r) references t1) partition by list (id);
create table refers2a partition of refers2 default;
create table ptop(id int, r int, foreign key (id, r) references t) partition by list (id);
create table ptop1 partition of ptop default;
