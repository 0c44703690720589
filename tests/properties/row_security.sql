--@ enabled
create table enabled (a integer);
alter table enabled force row level security;
{{|alter table enabled enable row level security;}}

--@ forced
create table forced (a integer);
alter table forced enable row level security;
{{|alter table forced force row level security;}}
