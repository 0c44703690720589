create table a (id int);
create table b (id int);
create sequence s owned by b.id;
create table other (id int default 1);
create sequence kept owned by other.id;
create sequence free;
create table stays (x int);
