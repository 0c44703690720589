create schema "S x";
create table t(a int, b text, c text collate "C", d jsonb, e int);
create table "S x"."T""t"(a int);
create index gone on t(a);
