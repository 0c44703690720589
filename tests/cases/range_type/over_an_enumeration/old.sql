create type e as enum ('a', 'b');
create type er as range (subtype = e);
create domain d as er check (not isempty(value));
create function lo(er) returns e language sql immutable as 'select lower($1)';
create cast (e as int) with inout;
create function e_eq(e, e) returns boolean language sql immutable as 'select $1::text = $2::text';
create operator ==== (function = e_eq, leftarg = e, rightarg = e);
