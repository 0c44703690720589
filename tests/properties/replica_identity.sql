--@ mode
create table mode (a integer);
alter table mode replica identity {{full|nothing}};

--@ index
create table indexed (a integer not null, b integer not null);
create unique index indexed_a on indexed (a);
create unique index indexed_b on indexed (b);
alter table indexed replica identity using index {{indexed_a|indexed_b}};

--@ mode: of a materialized view
create materialized view seen as select a from mode;
alter table seen replica identity {{full|nothing}};
