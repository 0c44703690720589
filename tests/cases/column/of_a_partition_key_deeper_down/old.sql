-- The second key goes with the partitions that need it; a leaf that was a tree keeps its place.
CREATE TABLE event (region text, day date) PARTITION BY LIST (region);
CREATE TABLE event_eu PARTITION OF event FOR VALUES IN ('eu') PARTITION BY RANGE (day);
CREATE TABLE event_eu_2024 PARTITION OF event_eu FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE event_us PARTITION OF event FOR VALUES IN ('us');
CREATE INDEX event_day ON event (day);
CREATE VIEW american AS SELECT region FROM event_us;
CREATE TABLE visit (region text, zone text) PARTITION BY LIST (region);
CREATE TABLE visit_eu PARTITION OF visit FOR VALUES IN ('eu') PARTITION BY LIST (zone);
