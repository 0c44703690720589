create foreign data wrapper one;
create foreign data wrapper two;

--@ wrapper
create server wrapped foreign data wrapper {{one|two}};

--@ type
create server typed type '{{a|b}}' foreign data wrapper one;

--@ version
create server versioned version '{{1|2}}' foreign data wrapper one;

--@ options
create server optional foreign data wrapper one options (host '{{a|b}}');
