create procedure p(a integer, out c integer) language sql as 'select 1';
create procedure p(a integer, c integer) language sql as 'select 1';
comment on procedure p(in integer, in integer) is 'two inputs';
comment on procedure p(in integer, out integer) is 'an output';
create procedure renamed(a integer, variadic c text[]) language sql as 'select 1';
create table t (a integer);
create procedure atomic_one() language sql begin atomic insert into t (a) values (1); end;
