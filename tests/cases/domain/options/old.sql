create domain plain as text;
create domain full_ as varchar(20) collate "C" default 'a''b' not null;
create table t (p plain, f full_);
