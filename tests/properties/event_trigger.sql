create function f() returns event_trigger language plpgsql as 'begin end';
create function g() returns event_trigger language plpgsql as 'begin end';

--@ event
create event trigger happens on {{ddl_command_start|ddl_command_end}} execute function f();

--@ tags
create event trigger tagged on ddl_command_end when tag in ('ALTER TABLE'{{|, 'CREATE TABLE'}}) execute function f();

--@ function
create event trigger calls on ddl_command_end execute function {{f|g}}();

--@ firing
create event trigger fires on ddl_command_end execute function f();
{{|alter event trigger fires disable;}}

--@ firing: always
create event trigger fires_always on ddl_command_end execute function f();
alter event trigger fires_always enable {{replica|always}};
