create table t (a integer, b text);
create view plain as select a from t;
create view barrier with (security_barrier) as select a from t;
create view checked as select a from t where a > 0 with local check option;
create view invoker with (security_barrier, security_invoker = true) as select a, b from t;
create view two_options as select a from t where a > 1;
