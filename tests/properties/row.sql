-- @data
create table t (id integer primary key, name text);

--@ values
insert into t values (1, '{{one|first}}');
