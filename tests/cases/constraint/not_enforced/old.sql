create table target (id integer primary key);
create table t (a integer, b integer, constraint c check (a > 0) not enforced, constraint f foreign key (a) references target, constraint g foreign key (b) references target not enforced);
create table tree (a integer, constraint tc check (a > 0)) partition by list (a);
create table leaf partition of tree for values in (1);
