create schema a;
create schema b;

--@ schema
create extension citext schema {{a|b}};
