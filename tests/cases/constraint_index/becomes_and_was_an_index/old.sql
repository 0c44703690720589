create table t(a int not null, b int); create unique index k on t(a);
create table u(a int not null, b int, constraint ku unique(a)); create table fk(a int references t(a));
create table fu(a int references u(a));
