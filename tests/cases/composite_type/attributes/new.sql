create type address as (street text, zip varchar(5), country char(2), note text collate "C");
create type empty as (a numeric(10, 2)[]);
create schema s;
create type s.come as (a int, b address);
create table t (a address, many address[]);
comment on type address is 'where';
comment on column address.country is 'ISO';
