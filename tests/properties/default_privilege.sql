create schema a;
create schema b;
create schema c;

--@ granted
alter default privileges in schema a grant select{{|, insert}} on tables to planwright_reader;

--@ grantable
alter default privileges in schema b grant select on tables to planwright_reader with grant option;
{{|alter default privileges in schema b grant insert on tables to planwright_reader with grant option;}}

--@ revoked
alter default privileges revoke {{truncate|truncate, delete}} on tables from current_user;
