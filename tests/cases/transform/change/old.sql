create type p as (x int);
create function p_from(internal) returns internal language internal immutable as 'prsd_lextype';
create transform for int language sql (from sql with function prsd_lextype(internal), to sql with function int4recv(internal));
