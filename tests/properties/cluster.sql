--@ index
create table moved (a integer, b integer);
create index moved_a on moved (a);
create index moved_b on moved (b);
alter table moved cluster on {{moved_a|moved_b}};

--@ index: of a materialized view
create materialized view seen as select a, b from moved;
create index seen_a on seen (a);
create index seen_b on seen (b);
alter materialized view seen cluster on {{seen_a|seen_b}};
