create extension btree_gist;
create table rooms (room integer, during tstzrange not null, constraint rooms_key primary key (room, during without overlaps));
create table bookings (room integer, during tstzrange, name text);
create table shifts (worker integer not null, during tstzrange not null, constraint shifts_key unique (worker, during without overlaps));
create table breaks (worker integer, during tstzrange, constraint within foreign key (worker, period during) references shifts (worker, period during));
