--@ column (since 18)
create table columned (a integer, b integer);
alter table columned add constraint named not null {{a|b}} not valid;

--@ not_valid (since 18)
--@ column.not_null: which it is once it is valid (since 18)
create table unproven (a integer);
alter table unproven add constraint named not null a {{|not valid}};

--@ no_inherit (since 18)
create table alone (a integer constraint named not null {{|no inherit}});

--@ no_inherit: not valid (since 18)
create table alone_too (a integer);
alter table alone_too add constraint named not null a {{|no inherit}} not valid;
