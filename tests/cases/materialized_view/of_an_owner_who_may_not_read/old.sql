-- Nobody can refresh it.
CREATE TABLE sale (
    day date
);
CREATE MATERIALIZED VIEW sold AS SELECT day FROM sale;
ALTER MATERIALIZED VIEW sold OWNER TO planwright_writer;
