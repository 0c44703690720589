CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text NOT NULL CONSTRAINT users_email_key UNIQUE,
    name varchar(40),
    nick varchar(20),
    note text,
    age integer,
    seen timestamp
);
CREATE INDEX users_nick ON users (lower(nick));
GRANT SELECT ON users TO PUBLIC;

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint REFERENCES users,
    total numeric(10, 2) NOT NULL,
    status text NOT NULL DEFAULT 'new',
    note text
);
CREATE INDEX orders_user_id ON orders (user_id);
CREATE VIEW paid AS SELECT id, total FROM orders WHERE status = 'paid';
CREATE MATERIALIZED VIEW totals AS SELECT user_id, sum(total) AS total FROM orders GROUP BY user_id;
CREATE UNIQUE INDEX totals_user_id ON totals (user_id);
CREATE UNIQUE INDEX users_id ON users (id);

CREATE TABLE events (at date NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_2026 (at date NOT NULL, what text);

CREATE DOMAIN amount AS numeric;
CREATE TABLE payments (paid amount);
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE moods (mood mood);
CREATE SEQUENCE tickets;
CREATE FUNCTION area(side integer) RETURNS integer LANGUAGE sql AS 'SELECT side * side';
CREATE PUBLICATION news FOR TABLE users;
CREATE EXTENSION pg_trgm;
