--@ trusted
create {{|trusted}} language trusts handler plpgsql_call_handler;

--@ handler
create function handles() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create language handled handler {{plpgsql_call_handler|handles}};

--@ inline
create language lines handler plpgsql_call_handler {{|inline plpgsql_inline_handler}};

--@ validator
create language validates handler plpgsql_call_handler {{|validator plpgsql_validator}};
