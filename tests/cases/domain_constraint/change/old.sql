create domain d as int constraint positive check (value > 0) constraint "odd one" check (value % 2 = 1);
alter domain d add constraint late check (value < 1000) not valid;
create domain e as text;
create table t (d d, e e);
