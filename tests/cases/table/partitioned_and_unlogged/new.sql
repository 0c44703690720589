CREATE UNLOGGED TABLE visit (day date, page text) PARTITION BY RANGE (day);
CREATE TABLE visit_2024 PARTITION OF visit FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX visit_page ON visit (page);
COMMENT ON TABLE visit IS 'who looks';
