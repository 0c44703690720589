create table a(id int default 1, x text default 'p');
create table k() inherits (a);
