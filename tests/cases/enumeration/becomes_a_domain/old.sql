create type x as enum ('a','b');
create table t (x x default 'a', xs x[]);
create domain y as int;
create table u (y y);
create schema s;
create type s.moved as enum ('q');
create table v (m s.moved default 'q');
