create table a(id int, x text, n int, constraint ck check (n>0));
create table kid(id int, x text, k int, n int, constraint ck check (n>0));
alter table kid inherit a;
create table orphan(id int) ;
