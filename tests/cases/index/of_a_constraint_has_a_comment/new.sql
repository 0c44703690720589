CREATE TABLE item (id int PRIMARY KEY);
COMMENT ON INDEX item_pkey IS 'on the index';
COMMENT ON CONSTRAINT item_pkey ON item IS 'on the constraint';
