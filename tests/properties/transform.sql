create type p as (x integer);
create type q as (x integer);
create function p_from(internal) returns internal language internal immutable as 'prsd_lextype';
create function p_from_too(internal) returns internal language internal immutable as 'prsd_lextype';
create function q_to(internal) returns q language internal immutable as 'record_recv';
create function q_to_too(internal) returns q language internal immutable as 'record_recv';

--@ from_sql
create transform for p language plpgsql (from sql with function {{p_from|p_from_too}}(internal));

--@ to_sql
create transform for q language plpgsql (to sql with function {{q_to|q_to_too}}(internal));
