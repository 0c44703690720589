create schema "S.1";
create table "S.1"."T;" (id integer, parent integer);
create view "S.1".a as select 1 as x;
create view "S.1".b as select x from "S.1".a;
create table swapped (a integer);
create view is_view as select a from swapped;
