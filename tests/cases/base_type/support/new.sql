create type txt;
create function txt_in(cstring) returns txt language internal immutable strict as 'textin';
create function txt_out(txt) returns cstring language internal immutable strict as 'textout';
create function txt_send(txt) returns bytea language internal immutable strict as 'textsend';
create function txt_recv(internal) returns txt language internal immutable strict as 'textrecv';
create type txt (input = txt_in, output = txt_out, send = txt_send, receive = txt_recv, storage = main);
create table t (t txt);
