create table t (a integer, b text, c text, d tsvector);
create table u (a integer, b text, c text);

--@ table
create index tabled on {{t|u}} (a);

--@ unique
create table lone (a integer);
create {{|unique}} index uniquely on lone (a);

--@ definition: method
create index method on t using {{btree|hash}} (a);

--@ definition: columns
create index columns on t ({{a|a, b}});

--@ definition: expression
create index expression on t ({{lower|upper}}(b));

--@ definition: order
create index ordered on t (a {{|desc}});

--@ definition: nulls
create index nulled on t (a {{|nulls first}});

--@ definition: collation
create index collated on t (b {{|collate "C"}});

--@ definition: operator class
create index classed on t (b {{|text_pattern_ops}});

--@ definition: operator class's options
create index class_options on t using gist (d tsvector_ops (siglen = {{100|200}}));

--@ definition: included columns
create index including on t (a) {{|include (b)}};

--@ definition: nulls not distinct (since 15)
create unique index nulls on t (a) {{|nulls not distinct}};

--@ predicate
create index partial on t (a) where a > {{0|1}};

--@ options
create index optional on t (a) with (fillfactor = {{70|80}});

--@ options: another
create index gathers on t using gin (d) {{|with (fastupdate = off)}};

--@ tablespace
create index placed on t (a) {{|tablespace planwright_space}};

--@ statistics
create index counted on t (lower(b));
alter index counted alter column 1 set statistics {{100|200}};
