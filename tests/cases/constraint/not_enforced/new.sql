create table target (id integer primary key);
create table t (a integer, b integer, constraint c check (a > 0), constraint f foreign key (a) references target not enforced, constraint g foreign key (b) references target, constraint h check (b > 0) not enforced);
create table tree (a integer, constraint tc check (a > 0) not enforced) partition by list (a);
create table leaf partition of tree for values in (1);
