create type p as (x int);
create function p_from(internal) returns internal language internal immutable as 'prsd_lextype';
create transform for int language sql (to sql with function int4recv(internal));
create transform for p language plpgsql (from sql with function p_from(internal));
comment on transform for p language plpgsql is 'new';
