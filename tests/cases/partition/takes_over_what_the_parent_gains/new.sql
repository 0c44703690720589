create table p(id int primary key);
create table t(id int not null, r int not null, v bigint, p_id int references p, extra text not null default 'x', primary key (id, r), check (v > 0)) partition by range (r);
create table t1 partition of t for values from (0) to (5);
create table t3 partition of t for values from (5) to (10);
create table t2 partition of t for values from (10) to (20) partition by list (id);
create table t2a partition of t2 default;
create table free partition of t for values from (20) to (30);
create index on t(v); create index on t(extra) where extra <> '';
create table refers(id int, r int, foreign key (id, r) references t);
