create schema ext;
create extension citext with schema ext;
create extension "uuid-ossp";
create table people (id uuid default uuid_generate_v4(), email ext.citext not null);
