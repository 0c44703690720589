--@ generated
create table generated (a integer generated {{always|by default}} as identity);

--@ options: start
create table starts (a integer generated always as identity (start with {{5|6}}));

--@ options: increment
create table increments (a integer generated always as identity (increment by {{5|6}}));

--@ options: cache
create table caches (a integer generated always as identity (cache {{5|6}}));

--@ options: bounds
create table bounds (a integer generated always as identity (minvalue {{5|6}} start with 7));

--@ options: maximum
create table maximum (a integer generated always as identity (maxvalue {{50|60}}));

--@ options: cycle
create table cycles (a integer generated always as identity {{|(cycle)}});
