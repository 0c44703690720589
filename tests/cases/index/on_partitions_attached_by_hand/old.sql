CREATE TABLE log (id int, day date) PARTITION BY RANGE (day);
CREATE TABLE log_new PARTITION OF log FOR VALUES FROM ('2020-01-01') TO (MAXVALUE);
CREATE INDEX new_by_id ON log_new (id);
