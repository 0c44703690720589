create function note() returns event_trigger language plpgsql as $$ begin end $$;
create function "Note 2"() returns event_trigger language plpgsql as $$ begin end $$;
create event trigger a on ddl_command_end when tag in ('CREATE TABLE', 'DROP TABLE') execute function note();
create event trigger b on sql_drop execute function note();
create event trigger c on ddl_command_start execute function note();
comment on event trigger c is 'see';
alter event trigger c disable;
