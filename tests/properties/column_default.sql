--@ expression
create table defaulted (a integer default {{1|2}});

--@ expression: a function
create table timed (a timestamp default {{now()|clock_timestamp()}});

--@ expression: of a foreign table's column
create foreign data wrapper w;
create server s foreign data wrapper w;
create foreign table far (a integer default {{1|2}}) server s;
