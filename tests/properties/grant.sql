create table t (a integer);
create table u (a integer);
create table w (a integer);

--@ granted
grant select{{|, insert}} on t to planwright_reader;

--@ grantable
grant select{{|, insert}} on u to planwright_reader with grant option;

--@ revoked
revoke {{truncate|truncate, delete}} on w from current_user;
