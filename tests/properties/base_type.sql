create function mod_in(cstring[]) returns integer language internal immutable strict as 'varchartypmodin';
create function mod_out(integer) returns cstring language internal immutable strict as 'varchartypmodout';

--@ input
create type input;
create function input_in(cstring) returns input language internal immutable strict as 'int4in';
create function input_out(input) returns cstring language internal immutable strict as 'int4out';
create function input_other(cstring) returns input language internal immutable strict as 'oidin';
create type input (input = {{input_in|input_other}}, output = input_out, internallength = 4, passedbyvalue);

--@ output
create type output;
create function output_in(cstring) returns output language internal immutable strict as 'int4in';
create function output_out(output) returns cstring language internal immutable strict as 'int4out';
create function output_other(output) returns cstring language internal immutable strict as 'oidout';
create type output (input = output_in, output = {{output_out|output_other}}, internallength = 4, passedbyvalue);

--@ receive
create type receive;
create function receive_in(cstring) returns receive language internal immutable strict as 'int4in';
create function receive_out(receive) returns cstring language internal immutable strict as 'int4out';
create function receive_recv(internal) returns receive language internal immutable strict as 'int4recv';
create type receive (input = receive_in, output = receive_out, internallength = 4, passedbyvalue{{|, receive = receive_recv}});

--@ send
create type send;
create function send_in(cstring) returns send language internal immutable strict as 'int4in';
create function send_out(send) returns cstring language internal immutable strict as 'int4out';
create function send_send(send) returns bytea language internal immutable strict as 'int4send';
create type send (input = send_in, output = send_out, internallength = 4, passedbyvalue{{|, send = send_send}});

--@ typmod_in
create type typmod_in;
create function typmod_in_in(cstring) returns typmod_in language internal immutable strict as 'int4in';
create function typmod_in_out(typmod_in) returns cstring language internal immutable strict as 'int4out';
create type typmod_in (input = typmod_in_in, output = typmod_in_out, internallength = 4, passedbyvalue{{|, typmod_in = mod_in}});

--@ typmod_out
create type typmod_out;
create function typmod_out_in(cstring) returns typmod_out language internal immutable strict as 'int4in';
create function typmod_out_out(typmod_out) returns cstring language internal immutable strict as 'int4out';
create type typmod_out (input = typmod_out_in, output = typmod_out_out, internallength = 4, passedbyvalue, typmod_in = mod_in{{|, typmod_out = mod_out}});

--@ analyze
create type analyzed;
create function analyzed_in(cstring) returns analyzed language internal immutable strict as 'int4in';
create function analyzed_out(analyzed) returns cstring language internal immutable strict as 'int4out';
create type analyzed (input = analyzed_in, output = analyzed_out, internallength = 4, passedbyvalue{{|, analyze = array_typanalyze}});

--@ subscript (since 14)
create type subscripted;
create function subscripted_in(cstring) returns subscripted language internal immutable strict as 'int4in';
create function subscripted_out(subscripted) returns cstring language internal immutable strict as 'int4out';
create function subscripted_handler(internal) returns internal language internal immutable strict as 'raw_array_subscript_handler';
create type subscripted (input = subscripted_in, output = subscripted_out, internallength = 16, element = integer{{|, subscript = subscripted_handler}});

--@ length
create type length;
create function length_in(cstring) returns length language internal immutable strict as 'int4in';
create function length_out(length) returns cstring language internal immutable strict as 'int4out';
create type length (input = length_in, output = length_out, internallength = {{16|24}});

--@ by_value
create type by_value;
create function by_value_in(cstring) returns by_value language internal immutable strict as 'int4in';
create function by_value_out(by_value) returns cstring language internal immutable strict as 'int4out';
create type by_value (input = by_value_in, output = by_value_out, internallength = 4{{|, passedbyvalue}});

--@ alignment
create type alignment;
create function alignment_in(cstring) returns alignment language internal immutable strict as 'int4in';
create function alignment_out(alignment) returns cstring language internal immutable strict as 'int4out';
create type alignment (input = alignment_in, output = alignment_out, internallength = 16, alignment = {{int4|double}});

--@ storage
create type storage;
create function storage_in(cstring) returns storage language internal immutable strict as 'int4in';
create function storage_out(storage) returns cstring language internal immutable strict as 'int4out';
create type storage (input = storage_in, output = storage_out, internallength = variable, storage = {{plain|extended}});

--@ category
create type category;
create function category_in(cstring) returns category language internal immutable strict as 'int4in';
create function category_out(category) returns cstring language internal immutable strict as 'int4out';
create type category (input = category_in, output = category_out, internallength = 4, passedbyvalue{{|, category = 'N'}});

--@ preferred
create type preferred;
create function preferred_in(cstring) returns preferred language internal immutable strict as 'int4in';
create function preferred_out(preferred) returns cstring language internal immutable strict as 'int4out';
create type preferred (input = preferred_in, output = preferred_out, internallength = 4, passedbyvalue, category = 'x'{{|, preferred = true}});

--@ default
create type defaulted;
create function defaulted_in(cstring) returns defaulted language internal immutable strict as 'int4in';
create function defaulted_out(defaulted) returns cstring language internal immutable strict as 'int4out';
create type defaulted (input = defaulted_in, output = defaulted_out, internallength = 4, passedbyvalue{{|, default = '7'}});

--@ element
create type element;
create function element_in(cstring) returns element language internal immutable strict as 'int4in';
create function element_out(element) returns cstring language internal immutable strict as 'int4out';
create type element (input = element_in, output = element_out, internallength = 16{{, element = int4|, element = float4}});

--@ delimiter
create type delimiter;
create function delimiter_in(cstring) returns delimiter language internal immutable strict as 'int4in';
create function delimiter_out(delimiter) returns cstring language internal immutable strict as 'int4out';
create type delimiter (input = delimiter_in, output = delimiter_out, internallength = 4, passedbyvalue{{|, delimiter = ';'}});

--@ collatable
create type collatable;
create function collatable_in(cstring) returns collatable language internal immutable strict as 'int4in';
create function collatable_out(collatable) returns cstring language internal immutable strict as 'int4out';
create type collatable (input = collatable_in, output = collatable_out, internallength = variable{{|, collatable = true}});
