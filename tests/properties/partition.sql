create table one (a integer) partition by list (a);
create table two (a integer) partition by list (a);

--@ parent
create table moves partition of {{one|two}} for values in (7);

--@ bound
create table bound partition of one for values in (1{{|, 2}});

--@ bound: default
create table others partition of two {{for values in (5)|default}};
