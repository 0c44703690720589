create sequence plain start with 100 minvalue 50 cache 5;
create sequence small as integer increment by -3 cycle;
create sequence down increment by -10 maxvalue 1000 minvalue -1000 start with 3;
create sequence wide as bigint maxvalue 9000000000 cycle;
create sequence "Odd ""name" start with 43 increment by 2 no cycle;
create sequence added as smallint;
