CREATE EXTENSION btree_gist;
CREATE TABLE booking (room int, during tsrange, seats int,
    CONSTRAINT "one at a time" EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (seats > 0) DEFERRABLE);
