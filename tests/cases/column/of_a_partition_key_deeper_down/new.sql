CREATE TABLE event (region text) PARTITION BY LIST (region);
CREATE TABLE event_eu PARTITION OF event FOR VALUES IN ('eu');
CREATE TABLE event_us PARTITION OF event FOR VALUES IN ('us');
CREATE VIEW american AS SELECT region FROM event_us;
CREATE TABLE visit (region text, zone text, day date) PARTITION BY LIST (region);
CREATE TABLE visit_eu PARTITION OF visit FOR VALUES IN ('eu') PARTITION BY LIST (zone);
CREATE TABLE visit_eu_west PARTITION OF visit_eu FOR VALUES IN ('west') PARTITION BY RANGE (day);
