create table t (a bigint, b text);
create view plain with (security_invoker = true) as select a from t;
create view barrier as select a from t;
create view checked as select a from t where a > 0 with cascaded check option;
create view invoker with (security_barrier, security_invoker = true) as select a, b from t;
create view two_options with (security_barrier) as select a from t where a > 2 with check option;
