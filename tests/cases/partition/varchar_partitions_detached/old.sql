CREATE TABLE parcel (city varchar(40), code varchar(8), weight integer) PARTITION BY LIST (city);
CREATE TABLE parcel_oslo PARTITION OF parcel FOR VALUES IN ('Oslo');
CREATE TABLE parcel_north PARTITION OF parcel FOR VALUES IN ('Bodø', 'Tromsø');

CREATE TABLE route (code varchar(8), stop char(3)) PARTITION BY RANGE (code, stop);
CREATE TABLE route_a PARTITION OF route FOR VALUES FROM ('a', 'aaa') TO ('b', 'it''');
