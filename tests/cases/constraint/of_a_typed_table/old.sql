create type ty as (a int, b text);
create function f(int) returns bool language sql immutable as 'select true';
create table u(a int, constraint ck check (f(a)));
