create type a as (x int);
create type b as enum ('one');
create function to_int(a) returns int language sql immutable as 'select $1.x';
create cast (a as int) with function to_int(a);
create cast (int as b) with inout as assignment;
create cast (date as int) without function;
comment on cast (a as int) is 'the x';
