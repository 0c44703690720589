CREATE TYPE unit AS ENUM ('kg', 'lb', 'stone');
CREATE TYPE size AS (width int, height int, note text);
CREATE TYPE load AS (amount int, measured unit, size size);
CREATE TABLE crate (id int, size size, sizes size[], load load);
CREATE VIEW wide AS SELECT id, (size).width FROM crate;
