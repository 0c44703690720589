create type label;
create function label_in(cstring) returns label language internal immutable strict as 'textin';
create function label_out(label) returns cstring language internal immutable strict as 'textout';
create type label (input = label_in, output = label_out, storage = plain);
comment on function label_in(cstring) is 'reads';
comment on type label is 'a type';
create function longer(label) returns integer language sql immutable as 'select 1';
create domain short_label as label;
