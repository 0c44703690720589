create table t (a integer primary key, b integer, c integer);
create table u (a integer primary key, b integer, c integer);

--@ columns (since 15)
create publication columns for table t (a, {{b|c}});

--@ filter (since 15)
create publication filters for table u where (a > {{0|1}});
