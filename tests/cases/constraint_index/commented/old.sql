create table a (id int constraint a_key primary key, b int unique with (fillfactor = 70));
comment on constraint a_key on a is 'the key';
