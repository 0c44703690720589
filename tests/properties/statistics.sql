create table t (a integer, b integer, c integer);

--@ definition: kinds
create statistics kinds ({{ndistinct|dependencies}}) on a, b from t;

--@ definition: columns
create statistics columns on a, {{b|c}} from t;

--@ definition: expressions (since 14)
create statistics expressions on (a + {{1|2}}), b from t;

--@ target
create statistics target on a, b from t;
alter statistics target set statistics {{100|200}};
