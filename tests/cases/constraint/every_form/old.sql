create extension btree_gist;
create table parent(id int primary key, code text);
create table t(id int, a int, b int, c text, during int4range);
