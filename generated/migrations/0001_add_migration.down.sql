-- planwright: 1
-- mode: transaction
-- loses: the history of every bundle in this database

DROP TABLE planwright.migration;

DROP SCHEMA planwright;
