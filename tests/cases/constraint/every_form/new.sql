create extension btree_gist;
create table parent(id int constraint parent_key primary key with (fillfactor=80), code text unique);
create table t(id int not null, a int, b int, c text, during int4range,
 constraint "T's ""key""" primary key (id) include (c) with (fillfactor=70),
 constraint u unique nulls not distinct (a, b),
 constraint ck check (a > 0 and c <> 'x NOT VALID') no inherit,
 constraint fk foreign key (a) references parent on delete set null (a) on update cascade deferrable initially deferred,
 constraint ex exclude using gist (a with =, during with &&) with (fillfactor=60) where (case when b > 0 then true else false end) deferrable);
alter table t add constraint nv check (b > 0) not valid;
alter table t add constraint fknv foreign key (c) references parent(code) not valid;
comment on constraint u on t is 'con';
comment on index u is 'idx';
