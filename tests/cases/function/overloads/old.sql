create function f(integer) returns integer language sql immutable as 'select 1';
create function f(text) returns integer language sql immutable as 'select 2';
create function g(integer) returns integer language sql immutable as 'select 1';
create table t (a integer default f(1), b integer default g(1));
create view v as select f(1) as one, g(2) as two;
create function h() returns integer language sql as 'select 1';
create procedure i(a integer) language sql as 'select 1';
create function j() returns integer language sql as 'select 1';
create function w(integer) returns integer language sql as 'select 1';
