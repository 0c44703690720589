create table t (a integer, b text, c text);
create view at_end as select a from t;
create view in_middle as select a, c from t;
create view fewer as select a, b, c from t;
create view other_rows as select a, b from t where a > 1;
create view over_it as select a from at_end;
comment on column at_end.a is 'first';
create view leaves_c as select a, c from t;
create view reads_new as select a from t;
