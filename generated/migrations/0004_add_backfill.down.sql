-- planwright: 1
-- mode: transaction
-- loses: the rows of planwright.backfill

DROP TABLE planwright.backfill;
