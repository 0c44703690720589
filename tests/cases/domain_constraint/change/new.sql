create domain d as int constraint positive check (value >= 0);
alter domain d add constraint late check (value < 1000);
create domain e as text constraint short check (length(value) < 10);
alter domain e add constraint "it's" check (value <> 'it''s') not valid;
create table t (d d, e e);
comment on constraint positive on domain d is 'zero as well';
