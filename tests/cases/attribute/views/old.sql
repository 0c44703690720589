create type c as (a int, b text);
create table t (c c, n int);
create view v as select (c).a, (c).b from t;
create function f(c) returns c language sql as $$ select $1 $$;
create function g() returns setof c language sql begin atomic select row(1, 'x')::c; end;
create materialized view mv as select c from t;
