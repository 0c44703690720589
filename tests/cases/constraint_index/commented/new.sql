create table a (id int constraint a_key primary key with (fillfactor = 90), b int unique);
comment on constraint a_key on a is 'the key';
comment on index a_key is 'what backs it';
