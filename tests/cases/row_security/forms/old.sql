create table a (id integer);
alter table a enable row level security;
create policy p on a using (true);
create table b (id integer);
alter table b force row level security;
create table c (id integer);
create table d (id integer);
alter table d enable row level security, force row level security;
