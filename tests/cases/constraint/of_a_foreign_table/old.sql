create extension postgres_fdw; create server s foreign data wrapper postgres_fdw; create foreign table f(a int) server s;
