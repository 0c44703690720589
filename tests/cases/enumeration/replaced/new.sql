create type mood as enum ('happy', 'sad');
create domain feeling as mood default 'happy' check (value <> 'sad');
create type pair as (one mood, two int);
create table t (
  id int primary key,
  m mood not null default 'happy' check (m <> 'happy'),
  many mood[] default array['sad'::mood],
  f feeling,
  p pair
);
create index on t (m) where m = 'sad';
create index on t (id);
create table log (m mood);
