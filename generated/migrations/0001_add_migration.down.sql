-- planwright: 1
-- mode: transaction
-- loses: the rows of planwright.migration

DROP TABLE planwright.migration;
DROP SCHEMA planwright;
