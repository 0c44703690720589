create type address as (street text, zip varchar(5), "Old ""one" int);
create type empty as ();
create type gone as (a int);
create table t (a address, many address[]);
