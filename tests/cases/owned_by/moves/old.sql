create table a (id int, n int);
create table b (id int);
create sequence s owned by a.n;
create table gone (id int);
create sequence kept owned by gone.id;
create sequence free owned by gone.id;
create table stays (id serial, x int);
