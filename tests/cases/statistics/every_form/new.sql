create schema s; create table t(a int, b int, c text);
create statistics one (ndistinct, mcv) on a, b from t; alter statistics one set statistics 0;
create statistics s.two on a, b, c from t;
create statistics "E x""" on (lower(c)), (case when a>b then 1 else 2 end) from t;
create statistics s.three on (a+b) from t; alter statistics s.three set statistics 77;
comment on statistics s.three is 'x';
