CREATE TYPE weekday AS ENUM ('monday', 'tuesday');
CREATE TABLE sale (
    day weekday
);
CREATE MATERIALIZED VIEW sold AS SELECT day FROM sale;
ALTER MATERIALIZED VIEW sold OWNER TO planwright_writer;
