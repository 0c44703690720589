CREATE TABLE item (a int, CONSTRAINT old_check CHECK (a > 0));
