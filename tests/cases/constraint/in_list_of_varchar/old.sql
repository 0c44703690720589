create table t (id int primary key, state varchar(10), size char(3), amount numeric);
