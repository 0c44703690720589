create type state as enum ('new', 'open', 'closed');
create table ticket (id int, s state default 'new', old_states state[]);
alter table ticket enable row level security;
create policy seen on ticket using (s <> 'closed'::state);
create view open_tickets as select id, s from ticket where s = 'open'::state;
create view more as select id from open_tickets;
create function next(state) returns state language sql immutable as $$ select 'open'::state $$;
create function all_of(state[]) returns int language sql as $$ select 1 $$;
create view stepped as select id, next(s) as n from ticket;
