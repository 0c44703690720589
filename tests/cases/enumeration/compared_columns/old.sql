create type k as enum ('a','b','c');
create table p (kind k, id int, primary key (kind, id));
create table c (kind k, id int, other k, foreign key (kind, id) references p, check (kind <> other), g text generated always as (case when kind = 'a' then 'x' end) stored);
create unique index on c (kind) include (id);
comment on type k is 'kind';
grant usage on type k to public;
comment on column c.kind is 'kk';
