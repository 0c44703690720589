create table t (id integer primary key, plain integer, usual integer not null, named integer constraint "my nn" not null, renamed integer constraint was not null, unproven integer, proven integer, weakened integer constraint w not null, alone integer constraint solo not null);
alter table t add constraint u not null unproven not valid;
alter table t add constraint p not null proven not valid;
comment on constraint t_usual_not_null on t is 'usual';
create table gone (a integer constraint "gone nn" not null);
create table parent (a integer constraint pa not null, b integer);
create table child (c integer constraint cc not null) inherits (parent);
create table tree (a integer constraint ta not null) partition by list (a);
create table leaf partition of tree for values in (1);
