create table t (id int not null primary key, name text, number bigserial);
create table u (id serial, other smallserial);
create sequence s owned by t.name;
