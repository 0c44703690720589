create language a handler plpgsql_call_handler;
create language gone handler plpgsql_call_handler;
