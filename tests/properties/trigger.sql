create table t (a integer, b integer);
create function one() returns trigger language plpgsql as 'begin return null; end';
create function two() returns trigger language plpgsql as 'begin return null; end';

--@ definition: time
create trigger times {{before|after}} insert on t for each row execute function one();

--@ definition: event
create trigger events before {{insert|insert or update}} on t for each row execute function one();

--@ definition: columns
create trigger columns before update of {{a|b}} on t for each row execute function one();

--@ definition: level
create trigger levels after insert on t for each {{row|statement}} execute function one();

--@ definition: condition
create trigger conditions before insert on t for each row when (new.a > {{0|1}}) execute function one();

--@ definition: function
create trigger functions before insert on t for each row execute function {{one|two}}();

--@ definition: arguments
create trigger arguments before insert on t for each row execute function one('{{a|b}}');

--@ definition: transition tables
create trigger transitions after update on t referencing {{old|new}} table as changed for each statement execute function one();

--@ definition: deferrable
create constraint trigger deferrable_one after insert on t {{|deferrable}} for each row execute function one();

--@ definition: initially deferred
create constraint trigger deferred after insert on t deferrable {{|initially deferred}} for each row execute function one();

--@ definition: constraint
create {{|constraint}} trigger constrains after insert on t for each row execute function one();

--@ definition: referenced table
create table r (a integer);
create constraint trigger refers after insert on t {{|from r}} for each row execute function one();

--@ firing
create trigger fires before insert on t for each row execute function one();
{{|alter table t disable trigger fires;}}

--@ firing: always
create trigger fires_always before insert on t for each row execute function one();
alter table t enable {{replica|always}} trigger fires_always;

--@ firing: of a partitioned table
--@ copied_firing
create table p (a integer) partition by list (a);
create table p1 partition of p for values in (1);
create trigger copied before insert on p for each row execute function one();
alter table p enable {{replica|always}} trigger copied;
alter table p1 disable trigger copied;
