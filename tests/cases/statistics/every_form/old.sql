create schema s; create table t(a int, b int, c text);
create statistics one (ndistinct) on a, b from t;
create statistics s.two on a, b, c from t; alter statistics s.two set statistics 50;
create statistics gone on b,c from t;
