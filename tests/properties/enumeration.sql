--@ labels: one more
create type more as enum ('a'{{|, 'b'}});

--@ labels: one in the middle
create type middle as enum ('a', {{|'b', }}'c');

--@ labels: another order
create type reordered as enum ({{'a', 'b'|'b', 'a'}});
create table t (a reordered);
