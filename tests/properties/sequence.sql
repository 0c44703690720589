--@ options: type
create sequence typed as {{integer|smallint}};

--@ options: increment
create sequence increments increment by {{2|3}};

--@ options: direction
create sequence directed increment by {{1|-1}};

--@ options: minimum
create sequence minimum minvalue {{5|6}} start with 7;

--@ options: maximum
create sequence maximum maxvalue {{50|60}};

--@ options: start
create sequence starts start with {{5|6}};

--@ options: cache
create sequence caches cache {{5|6}};

--@ options: cycle
create sequence cycles {{|cycle}};

--@ unlogged (since 15)
create {{|unlogged}} sequence logged;
