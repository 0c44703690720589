CREATE TABLE item (
    a int,
    CONSTRAINT new_check CHECK (a > 0) -- @renamed from=old_check
);
