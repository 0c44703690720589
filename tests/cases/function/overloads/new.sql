create function f(integer, integer default 2) returns integer language sql immutable as 'select 1';
create function f(text) returns integer language sql immutable as 'select 3';
create function g(bigint) returns integer language sql immutable as 'select 1';
create table t (a integer default f(2), b integer default g(1));
create view v as select f(1) as one, g(2) as two;
create procedure h() language sql as 'select 1';
create function i(a integer) returns integer language sql as 'select 1';
create aggregate j(*) (sfunc = int8inc, stype = bigint, initcond = '0');
create function w(integer) returns text language sql as 'select 1::text';
