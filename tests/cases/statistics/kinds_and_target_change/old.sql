CREATE TABLE item (a int, b int, c text);
CREATE STATISTICS item_ab ON a, b FROM item;
