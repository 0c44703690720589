create table target (id integer primary key, a integer, b integer, unique (a, b), unique (a));

--@ definition, type
create table kinds (a integer not null, constraint kinds_k {{unique|primary key}} (a));

--@ definition: condition
create table checked (a integer, constraint checked_k check (a > {{0|1}}));

--@ definition: columns of a key
create table keyed (a integer not null, b integer not null, constraint keyed_k primary key ({{a|a, b}}));

--@ definition: order of columns
create table ordered (a integer, b integer, constraint ordered_k unique ({{a, b|b, a}}));

--@ definition: included columns
create table including (a integer, b integer, constraint including_k unique (a) {{|include (b)}});

--@ definition: nulls not distinct (since 15)
create table nulls (a integer, constraint nulls_k unique {{|nulls not distinct}} (a));

--@ definition: no inherit
create table alone (a integer, constraint alone_k check (a > 0) {{|no inherit}});

--@ definition: referenced column
create table referring (a integer, constraint referring_k foreign key (a) references target ({{id|a}}));

--@ definition: on delete
create table deleting (a integer, constraint deleting_k foreign key (a) references target (id) {{|on delete cascade}});

--@ definition: on update
create table updating (a integer, constraint updating_k foreign key (a) references target (id) {{|on update set null}});

--@ definition: columns set null (since 15)
create table setting (a integer, b integer, constraint setting_k foreign key (a, b) references target (a, b) on delete set null {{|(a)}});

--@ definition: match
create table matching (a integer, b integer, constraint matching_k foreign key (a, b) references target (a, b) {{|match full}});

--@ definition: operators of an exclusion
create table excluding (a int4range, constraint excluding_k exclude using gist (a with {{&&|=}}));

--@ definition: method of an exclusion
create table excluding_by (a integer, constraint excluding_by_k exclude using {{btree|hash}} (a with =));

--@ predicate
create table excluding_some (a integer, constraint excluding_some_k exclude using btree (a with =) where (a > {{0|1}}));

--@ deferrable
create table later (a integer, constraint later_k foreign key (a) references target (id) {{|deferrable}});

--@ deferrable: of a key
create table later_key (a integer, constraint later_key_k unique (a) {{|deferrable}});

--@ initially_deferred
create table latest (a integer, constraint latest_k foreign key (a) references target (id) deferrable {{|initially deferred}});

--@ initially_deferred: of a key
create table latest_key (a integer, constraint latest_key_k unique (a) deferrable {{|initially deferred}});

--@ not_valid
create table unproven (a integer);
alter table unproven add constraint unproven_k check (a > 0) {{|not valid}};

--@ not_valid: of a foreign key
create table unproven_key (a integer);
alter table unproven_key add constraint unproven_key_k foreign key (a) references target (id) {{|not valid}};

--@ not_enforced (since 18)
create table lax_key (a integer, constraint lax_key_k foreign key (a) references target (id) {{|not enforced}});

--@ not_enforced: of a check (since 18)
create table lax (a integer, constraint lax_k check (a > 0) {{|not enforced}});

--@ definition: without overlaps (since 18)
create table spans (a int4range not null, b int4range not null, constraint spans_k unique (a, b {{|without overlaps}}));

--@ definition: period (since 18)
create table periods (a int4range, b int4range, primary key (a, b without overlaps), c int4range, unique (a, c without overlaps));
create table period (a int4range, b int4range, constraint period_k foreign key (a, period b) references periods (a, period {{b|c}}));
