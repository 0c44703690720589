create extension btree_gist;
create table rooms (room integer, during tstzrange not null, constraint rooms_key primary key (room, during without overlaps));
create table bookings (room integer, during tstzrange, name text, constraint booked foreign key (room, period during) references rooms (room, period during));
create table shifts (worker integer not null, during tstzrange not null, constraint shifts_key unique (worker, during));
