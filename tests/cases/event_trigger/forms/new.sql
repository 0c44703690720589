create function note() returns event_trigger language plpgsql as $$ begin end $$;
create function "Note 2"() returns event_trigger language plpgsql as $$ begin end $$;
create event trigger a on ddl_command_end when tag in ('CREATE TABLE') execute function "Note 2"();
create event trigger b on sql_drop execute function note();
alter event trigger b enable always;
create event trigger c on ddl_command_start execute function note();
comment on event trigger c is 'see';
create event trigger "D ""d""" on table_rewrite execute function note();
alter event trigger "D ""d""" enable replica;
