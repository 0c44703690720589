create table a(id int not null, x text default 'a', constraint ck check (id > 0), constraint mine check (x <> '') no inherit);
create table b(id int not null, y int);
create table c(z int);
create table ab(z int, primary key (id)) inherits (b, a);
create table deep(w int, id int) inherits (ab);
create table "o'c"(constraint ck check (id>0)) inherits (a);
