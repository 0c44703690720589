create schema "Ext ension";
create extension hstore;
create table t (h hstore default ''::hstore);
