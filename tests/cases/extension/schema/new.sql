create schema "Ext ension";
create extension hstore with schema "Ext ension";
create table t (h "Ext ension".hstore default ''::"Ext ension".hstore);
