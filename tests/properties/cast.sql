create type a as (x integer);
create type b as (x integer);
create type c as (x integer);
create function a_to_b(a) returns b language sql immutable as 'select row($1.x)::b';

--@ method
create cast (a as b) with {{function a_to_b(a)|inout}};

--@ context
create cast (a as c) with inout {{|as assignment}};

--@ context: implicit
create cast (b as c) with inout as {{assignment|implicit}};
