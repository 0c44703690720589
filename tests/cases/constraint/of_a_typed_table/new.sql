create type ty as (a int, b text);
create function f(int) returns bool language sql immutable as 'select true';
create table u(a bigint, constraint ck check (f(a::int)));
create table ty1 of ty (primary key (a), check (b <> ''));
