create domain x as text check (value in ('a','b'));
create table t (x x default 'a', xs x[]);
create type y as enum ('1');
create table u (y y);
create schema s;
create type moved as enum ('q');
create table v (m moved default 'q');
