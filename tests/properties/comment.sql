--@ text
create table t (a integer);
comment on column t.a is '{{one|two}}';
