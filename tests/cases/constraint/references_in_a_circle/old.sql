create table z(i int);
