--@ type
create domain retyped as {{integer|bigint}};

--@ collation
create domain collated as text {{|collate "C"}};

--@ default
create domain defaulted as integer default {{1|2}};

--@ not_null
create domain filled as integer {{|not null}};
create table t (a filled, b defaulted, c collated);
