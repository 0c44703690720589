--@ definition
create domain checked as integer constraint k check (value > {{0|1}});

--@ not_valid
create domain unproven as integer;
alter domain unproven add constraint k check (value > 0) {{|not valid}};
