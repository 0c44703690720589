create table p(id int primary key);
create table t(a int, b int, c int references p, d int, constraint u unique (a,b), constraint ck check (a>b), exclude using btree (d with =));
create index i on t(a); create index i2 on t((a+b)); create index i3 on t(d) where b>1; create statistics st on a,b from t;
alter table t cluster on i; alter table t replica identity full;
