CREATE TABLE reading (at date NOT NULL, sensor integer NOT NULL, value integer) PARTITION BY RANGE (at);
CREATE TABLE reading_2024 PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX reading_value ON reading (value);
ALTER TABLE reading ADD CONSTRAINT reading_key UNIQUE (at, sensor);
COMMENT ON INDEX reading_value IS 'how high';
CREATE TABLE note (at date, sensor integer, FOREIGN KEY (at, sensor) REFERENCES reading (at, sensor));
