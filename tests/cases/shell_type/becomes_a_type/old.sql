create schema types;
create type types."Later";
create type stays;
create type gone;
comment on type gone is 'not yet';
create function takes(stays) returns void language internal immutable strict as 'int4in';
