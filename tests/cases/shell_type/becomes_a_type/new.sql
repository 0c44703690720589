create schema types;
create type types."Later";
create function types.later_in(cstring) returns types."Later" language internal immutable strict as 'int4in';
create function types.later_out(types."Later") returns cstring language internal immutable strict as 'int4out';
create type types."Later" (input = types.later_in, output = types.later_out, internallength = 4, passedbyvalue);
create type stays;
create function takes(stays) returns void language internal immutable strict as 'int4in';
