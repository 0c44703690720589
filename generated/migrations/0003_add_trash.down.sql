-- planwright: 1
-- mode: none
-- loses: the rows of planwright.trash_part
-- loses: the rows of planwright.trash

DROP PROCEDURE planwright.cut_off(IN regclass, IN oid[]);
DROP PROCEDURE planwright.discard(IN text, IN text);
DROP PROCEDURE planwright.release(IN text);
DROP PROCEDURE planwright.restore(IN text);
DROP FUNCTION planwright.relies_on_others(regclass, oid, oid[]);
DROP FUNCTION planwright.trash_name(text, text);
DROP TABLE planwright.trash_part;
DROP TABLE planwright.trash;
