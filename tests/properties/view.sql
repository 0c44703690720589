create table t (a integer, b text);

--@ definition
create view defined as select a from t where a > {{0|1}};

--@ columns, definition
--@ view_column.being there
create view columns as select a{{|, b}} from t;

--@ options: security_barrier
create view barred {{|with (security_barrier)}} as select a from t;

--@ options: security_invoker (since 15)
create view invoked {{|with (security_invoker)}} as select a from t;

--@ options: check_option
create view checked as select a from t where a > 0 with {{local|cascaded}} check option;

--@ columns: the table's are longer
--@ column.type
create table longer (a varchar({{10|20}}));
create view longest as select a from longer;
