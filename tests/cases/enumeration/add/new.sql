create type mood as enum ('awful', 'sad', 'it''s "ok"', 'fine', 'happy', 'great');
create type empty as enum ('one', 'two');
create table t (m mood default 'sad');
