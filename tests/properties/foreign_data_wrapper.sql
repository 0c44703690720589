--@ handler
create function handles() returns fdw_handler language c strict as '$libdir/postgres_fdw', 'postgres_fdw_handler';
create foreign data wrapper handled {{|handler handles}};

--@ validator
create foreign data wrapper validated {{|validator postgresql_fdw_validator}};

--@ options
create foreign data wrapper optional options (a '{{1|2}}');
