create access method other type table handler heap_tableam_handler;
create type row_type as (a integer);

--@ partition_key
create table partitioned (a integer, b integer) partition by list ({{a|b}});

--@ partition_key: strategy
create table strategic (a integer) partition by {{list|range}} (a);

--@ partition_key: operator class
create table classed (a text) partition by list (a {{|text_pattern_ops}});

--@ partition_key: collation
create table collated (a text) partition by list (a {{|collate "C"}});

--@ partition_key: expression
create table expressed (a integer) partition by list ((a + {{1|2}}));

--@ unlogged
create {{|unlogged}} table logged (a integer);

--@ of_type
create table typed (a integer);
{{|alter table typed of row_type;}}

--@ options
create table optional (a integer) with (fillfactor = {{70|80}});

--@ options: none
create table opts (a integer) {{|with (autovacuum_enabled = off)}};

--@ options: of its toast table
create table toasted (a text) with (toast.autovacuum_vacuum_threshold = {{70|80}});

--@ access_method (since 15)
create table methodical (a integer) {{|using other}};

--@ tablespace
create table placed (a integer) {{|tablespace planwright_space}};
