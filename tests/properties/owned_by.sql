create table one (a integer, b integer);
create table two (a integer, b integer);
create sequence moves;
create sequence shifts;

--@ table
alter sequence moves owned by {{one|two}}.a;

--@ column
alter sequence shifts owned by one.{{a|b}};
