create type mood as enum ('sad', 'happy');
create type empty as enum ();
create table t (m mood default 'sad');
