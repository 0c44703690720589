create domain plain as text default lower('X') not null;
create domain full_ as varchar(20) collate "C";
create table t (p plain, f full_);
create domain outer_ as plain check (value <> '');
