CREATE TABLE parcel (city varchar(40), code varchar(8), weight integer) PARTITION BY LIST (city);
CREATE TABLE parcel_oslo (city varchar(40), code varchar(8), weight integer);
CREATE TABLE parcel_north (city varchar(40), code varchar(8), weight integer);

CREATE TABLE route (code varchar(8), stop char(3)) PARTITION BY RANGE (code, stop);
CREATE TABLE route_a (code varchar(8), stop char(3));
