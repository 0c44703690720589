create foreign data wrapper w;
create server one foreign data wrapper w;
create server two foreign data wrapper w;

--@ server
create foreign table served (a integer) server {{one|two}};

--@ options
create foreign table optional (a integer) server one options (name '{{a|b}}');
