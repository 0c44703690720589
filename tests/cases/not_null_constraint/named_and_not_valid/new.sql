create table t (id integer primary key, plain integer constraint "now; --" not null, usual integer constraint u2 not null, named integer not null, renamed integer constraint becomes not null, unproven integer, proven integer constraint p not null, weakened integer, alone integer constraint solo not null no inherit);
alter table t add constraint w not null weakened not valid;
comment on constraint p on t is 'proven';
create table made (a integer constraint "made nn" not null no inherit, b integer);
alter table made add constraint later not null b not valid;
create table parent (a integer constraint pb not null, b integer constraint bb not null);
create table child (c integer constraint cd not null) inherits (parent);
create table tree (a integer constraint tb not null) partition by list (a);
create table leaf partition of tree for values in (1);
