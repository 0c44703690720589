--@ type
create type retyped as (kept integer, a {{integer|text}});
create function takes(retyped) returns text language sql as 'select $1.a::text';

--@ collation
create type collated as (a text {{|collate "C"}});

--@ type: of a typed table
create type row_type as (a {{integer|bigint}}, b text);

--@ column.type: with it
create table typed of row_type;
