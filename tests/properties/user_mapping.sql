create foreign data wrapper w;
create server s foreign data wrapper w;

--@ options
create user mapping for planwright_reader server s options (a '{{1|2}}');
