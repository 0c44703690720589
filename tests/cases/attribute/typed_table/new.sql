create type row_ as (id int, title text, more int[]);
create table t of row_ (id with options default 7, primary key (id));
create table u of row_;
create table v of row_ (title with options default 'x' not null);
