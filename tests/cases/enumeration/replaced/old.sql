create type mood as enum ('sad', 'ok', 'happy');
create domain feeling as mood default 'ok' check (value <> 'sad');
create type pair as (one mood, two int);
create table t (
  id int primary key,
  m mood not null default 'sad' check (m <> 'happy'),
  many mood[] default array['sad'::mood],
  f feeling,
  p pair
);
create index on t (m) where m = 'ok';
create index on t (id);
create table log (m mood);
