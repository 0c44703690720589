create domain amount as int check (value > 0);
create domain name as text;
create domain nested as amount not null;
create table t (a amount default 3, aa amount[], n name, x nested);
create index on t (a);
