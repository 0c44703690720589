--@ text
create table t (a integer);
comment on column t.a is '{{one|two}}';


--@ text: on the NOT NULL of a domain (since 17)
create domain d as integer constraint named not null;
comment on constraint named on domain d is '{{one|two}}';
