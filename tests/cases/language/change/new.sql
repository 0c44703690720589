create trusted language a handler plpgsql_call_handler inline plpgsql_inline_handler validator plpgsql_validator;
create language "B 2" handler plpgsql_call_handler;
create function f() returns int language a as 'begin return 1; end';
comment on language a is 'a';
