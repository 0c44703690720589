create materialized view a with (autovacuum_enabled = false, fillfactor = 80) as select 1 as x, 'a'::text as y;
create materialized view b as select 1 as x;
create materialized view c as select 1 as x with no data;
create materialized view d as select 2 as x;
create materialized view "E" as select 1 as "x y" with no data;
