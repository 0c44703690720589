create table p(id int primary key with (fillfactor=50), x int unique deferrable);
alter table p drop constraint p_x_key; alter table p add constraint p_x_key unique (x) include (id);
create table t(a int, b int, c int, constraint ck check (a>10), constraint fk foreign key (a) references p on delete cascade, constraint u unique(b) deferrable initially deferred, constraint fk2 foreign key (c) references p(x), constraint fk3 foreign key (c) references p(x) deferrable initially deferred);
alter table t add constraint nv check (b > 0);
alter table t add constraint fknv foreign key (c) references p(x);
alter table t add constraint v check (c > 0) not valid;
