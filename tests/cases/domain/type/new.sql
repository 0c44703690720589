create domain amount as bigint default 7 check (value > 1);
create domain name as text collate "C";
create domain nested as amount not null;
create table t (a amount default 4, aa amount[], n name, x nested);
create index on t (a);
