CREATE TYPE unit AS ENUM ('kg', 'lb');
CREATE TYPE size AS (depth int, height bigint, width int);
CREATE TYPE load AS (measured unit, amount int, size size, since date);
CREATE TABLE crate (id int, size size, sizes size[], load load);
CREATE VIEW wide AS SELECT id, (size).width FROM crate;
