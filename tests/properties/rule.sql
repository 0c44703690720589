create table t (a integer, b integer);
create table u (a integer);

--@ definition: event
create rule event as on {{insert|delete}} to t do also notify x;

--@ definition: condition
create rule condition as on delete to t where old.a > {{0|1}} do also insert into u values (1);

--@ definition: instead
create rule replaces as on delete to t do {{also|instead}} notify x;

--@ definition: action
create rule action as on delete to t do also notify {{x|y}};

--@ firing
create rule fires as on delete to t do also notify x;
{{|alter table t disable rule fires;}}

--@ firing: always
create rule fires_always as on delete to t do also notify x;
alter table t enable {{replica|always}} rule fires_always;
