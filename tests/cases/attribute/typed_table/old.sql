create type row_ as (id int, name text);
create table t of row_ (id with options default 7, primary key (id));
create table u of row_;
