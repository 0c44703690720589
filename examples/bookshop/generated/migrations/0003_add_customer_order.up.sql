-- planwright: 1
-- class: breaking
-- version: 3.0
-- mode: transaction
-- before: sha256:98ea323b349a3877e8c7804333701b982de8eb34de7883939ac27199d9d05ad3
-- after: sha256:c83709120332da59d487646fc87ef2d6368373efbb9c8a9ab8e867daa62d512c
-- proved: PostgreSQL 17.5 (embedded)
-- steps:
--   1. create policy own_orders on shop.customer_order: additive, ACCESS EXCLUSIVE on shop.customer_order; it only gives roles more rows
--   2. create row security of table shop.customer_order: breaking, ACCESS EXCLUSIVE on shop.customer_order; roles see and write only the rows that a policy gives them; the others seem not to exist

CREATE POLICY own_orders ON shop.customer_order TO PUBLIC
    USING ((customer IN ( SELECT c.id
   FROM shop.customer c
  WHERE (c.login = CURRENT_USER))));
ALTER TABLE shop.customer_order ENABLE ROW LEVEL SECURITY;
