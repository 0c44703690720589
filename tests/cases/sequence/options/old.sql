create sequence plain;
create sequence small as smallint minvalue -5 maxvalue 100 start with 7 increment by 3 cache 10 cycle;
create sequence down increment by -1;
create sequence wide as integer;
create sequence "Odd ""name" start with 42;
