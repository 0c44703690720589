CREATE DOMAIN beneath AS integer CONSTRAINT "positive; --" CHECK (VALUE > 0);
CREATE DOMAIN above AS beneath CHECK (VALUE < 100) CHECK (VALUE <> 50);
CREATE DOMAIN short AS text CHECK (length(VALUE) < 10);
CREATE TABLE whole (
    id bigint NOT NULL,
    bare above,
    given short NOT NULL DEFAULT 'x',
    counted above NOT NULL DEFAULT (1 + random() * 5)::integer
) PARTITION BY LIST (id);
CREATE TABLE part PARTITION OF whole FOR VALUES IN (1);
INSERT INTO whole VALUES (1), (1);
