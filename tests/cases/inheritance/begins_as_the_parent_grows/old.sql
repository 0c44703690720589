create table a(id int, x text);
create table kid(id int, x text, k int);
create table orphan(id int) ;
