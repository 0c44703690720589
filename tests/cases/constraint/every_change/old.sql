create table p(id int primary key, x int unique);
create table t(a int, b int, c int, constraint ck check (a>0), constraint fk foreign key (a) references p, constraint u unique(b), constraint fk2 foreign key (c) references p(x) deferrable,
 constraint fk3 foreign key (c) references p(x));
alter table t add constraint nv check (b > 0) not valid;
alter table t add constraint fknv foreign key (c) references p(x) not valid;
alter table t add constraint v check (c > 0);
