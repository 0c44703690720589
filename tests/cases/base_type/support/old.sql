create type txt;
create function txt_in(cstring) returns txt language internal immutable strict as 'textin';
create function txt_out(txt) returns cstring language internal immutable strict as 'textout';
create type txt (input = txt_in, output = txt_out, storage = extended);
create table t (t txt);
create type stored;
create function stored_in(cstring) returns stored language internal immutable strict as 'textin';
create function stored_out(stored) returns cstring language internal immutable strict as 'textout';
create type stored (input = stored_in, output = stored_out, storage = extended);
