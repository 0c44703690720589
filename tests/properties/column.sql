--@ type
create table retyped (a {{integer|bigint}});

--@ type: modifier
create table modified (a numeric(10, {{2|3}}));

--@ type: array
create table arrayed (a {{integer|bigint}}[]);

--@ collation
create table collated (a text {{|collate "C"}});

--@ not_null
create table filled (a integer {{|not null}});

--@ not_null: of a foreign table's column
create foreign data wrapper w;
create server s foreign data wrapper w;
create foreign table far_filled (a integer {{|not null}}) server s;

--@ generated
create table computed (a integer, b integer generated always as (a {{+|-}} 1) stored);

--@ generated: no more
create table free (a integer, b integer {{|generated always as (a + 1) stored}});

--@ generated: virtual (since 18)
create table imagined (a integer, b integer generated always as (a {{+|-}} 1) virtual);

--@ is_virtual (since 18)
create table written (a integer, b integer generated always as (a + 1) {{stored|virtual}});

--@ storage
create table stored (a text);
alter table stored alter a set storage {{extended|external}};

--@ compression (since 14)
create table compressed (a text {{|compression pglz}});

--@ statistics
create table counted (a text);
alter table counted alter a set statistics {{-1|500}};

--@ options
create table distinct_values (a text);
{{|alter table distinct_values alter a set (n_distinct = 5);}}

--@ options: another value
create table other_values (a text);
alter table other_values alter a set (n_distinct_inherited = {{5|6}});

--@ foreign_options
create foreign table far (a integer options (name '{{x|y}}')) server s;
