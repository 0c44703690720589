create table t(a int, b int, c varchar(20), e numeric(5,2) default 1.5 not null, constraint ck check (e > 0)) partition by list (a);
create table m partition of t for values in (1) partition by list (b);
create table l(a int, b int, c text);
create table lone partition of m for values in (2);
create table d partition of t for values in (4);
create table d2 partition of t default;
create unique index on t(a, b, e) where e > 1;
