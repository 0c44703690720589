create table t (a integer);

--@ role
alter table t owner to {{planwright_reader|planwright_writer}};
