CREATE TABLE item (a int, b int, c text);
CREATE STATISTICS item_ab (ndistinct, mcv) ON a, b, lower(c) FROM item;
ALTER STATISTICS item_ab SET STATISTICS 500;
COMMENT ON STATISTICS item_ab IS 'related';
