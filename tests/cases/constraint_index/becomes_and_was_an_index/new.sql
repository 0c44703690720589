create table t(a int not null, b int, constraint k primary key(a));
create table u(a int not null, b int); create unique index ku on u(a); create table fk(a int references t(a));
create table fu(a int references u(a));
