create type whole;
create function whole_canonical(whole) returns whole language internal immutable strict as 'int4range_canonical';
create type whole as range (subtype = int4, canonical = whole_canonical, subtype_diff = int4range_subdiff);
create table t (w whole, m whole_multirange);
