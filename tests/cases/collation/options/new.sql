create collation german (provider = icu, locale = 'de-AT', deterministic = false);
create schema s;
create collation s."Odd" (lc_collate = 'C', lc_ctype = 'POSIX');
create collation both_ (lc_collate = 'POSIX', lc_ctype = 'C');
create table t (a text collate german, b text collate s."Odd");
create index on t (a);
