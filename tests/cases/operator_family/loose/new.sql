create operator family f using btree;
alter operator family f using btree add operator 3 = (int4, int8), operator 5 > (int4, int8), function 1 (int4, int8) btint48cmp(int4, int8), function 1 (int8, int4) btint84cmp(int8, int4);
create schema s;
create operator family s."Come" using gin;
comment on operator family s."Come" using gin is 'new';
