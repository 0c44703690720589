CREATE TABLE t (a integer, "B" text, c integer);
CREATE STATISTICS s (mcv) ON a, "B", c FROM t;
CREATE STATISTICS e ON "B", c, (a + c), lower("B") FROM t;
