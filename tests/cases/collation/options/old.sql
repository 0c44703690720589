create collation german (provider = icu, locale = 'de-DE');
create collation gone (locale = 'C');
create collation both_ (lc_collate = 'C', lc_ctype = 'C');
create table t (a text collate german, b text);
create index on t (a);
