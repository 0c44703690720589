--@ options
create table filled (a integer, constraint filled_k unique (a) {{|with (fillfactor = 70)}});

--@ tablespace
create table placed (a integer, constraint placed_k unique (a) {{|using index tablespace planwright_space}});

--@ statistics
create table counted (a integer, constraint counted_k exclude using btree ((a + 1) with =));
alter index counted_k alter column 1 set statistics {{-1|200}};
