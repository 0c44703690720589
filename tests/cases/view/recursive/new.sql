create schema "S.1";
create table "S.1"."T;" (id integer, parent integer);
create recursive view "S.1"."tree""s" (id, depth) as
  select id, 0 from "S.1"."T;" where parent is null
  union all select c.id, t.depth + 1 from "S.1"."T;" c join "tree""s" t on t.id = c.parent;
create view "S.1".b as select 2 as x;
create view "S.1".a as select x from "S.1".b;
create table base (a integer);
create view swapped as select a from base;
create view is_view as select a from swapped;
