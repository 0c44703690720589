create access method other type table handler heap_tableam_handler;
create table t (a integer, b text);

--@ definition
create materialized view defined as select a from t where a > {{0|1}};

--@ columns, definition
--@ view_column.being there: the old name
--@ view_column.being there: the new name
create materialized view columns as select a as {{x|y}} from t;

--@ options
create materialized view optional with (fillfactor = {{70|80}}) as select a from t;

--@ options: of its toast table
create materialized view toasted {{|with (toast.autovacuum_enabled = off)}} as select b from t;

--@ access_method (since 15)
create materialized view methodical {{|using other}} as select a from t;

--@ tablespace
create materialized view placed {{|tablespace planwright_space}} as select a from t;

--@ unpopulated
create materialized view populated as select a from t {{|with no data}};

--@ columns: the table's are longer
--@ column.type
create table longer (a varchar({{10|20}}));
create materialized view longest as select a from longer;
