create procedure p(a integer, out b integer) language sql as 'select 1';
create procedure p(a integer, b integer) language sql as 'select 1';
comment on procedure p(in integer, in integer) is 'two inputs';
comment on procedure p(in integer, out integer) is 'an output';
create procedure renamed(a integer, variadic b text[]) language sql as 'select 1';
create table t (a integer, b integer);
create procedure atomic_one() language sql begin atomic insert into t (a, b) values (1, 2); end;
