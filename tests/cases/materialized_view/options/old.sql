create materialized view a with (fillfactor = 70, toast.autovacuum_enabled = false) as select 1 as x, 'a'::text as y;
create materialized view b as select 1 as x with no data;
create materialized view c as select 1 as x;
create materialized view d as select 1 as x;
