CREATE TABLE box (w int, h int, area int GENERATED ALWAYS AS (w * h * 2) STORED);
CREATE INDEX box_area ON box (area);
CREATE VIEW big AS SELECT w FROM box WHERE area > 10;
