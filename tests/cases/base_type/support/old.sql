create type txt;
create function txt_in(cstring) returns txt language internal immutable strict as 'textin';
create function txt_out(txt) returns cstring language internal immutable strict as 'textout';
create type txt (input = txt_in, output = txt_out, storage = extended);
create table t (t txt);
