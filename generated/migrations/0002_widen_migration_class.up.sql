-- planwright: 1
-- class: data-dependent
-- version: 1.1
-- mode: transaction
-- before: sha256:f9ea00e42322106ab56e3de97a44fc18c23adbdeaacd52a77d4f9dc91ead1f1b
-- after: sha256:d27f81c286dcbe5a56c1d19d58edb8dfc9f91578572a655125fbc9b85d88d103
-- proved: PostgreSQL 17.5 (embedded)
-- steps:
--   1. drop constraint migration_class_check of planwright.migration: data-dependent, ACCESS EXCLUSIVE on planwright.migration; code that writes rows that it forbids fails from now on
--   2. create constraint migration_class_check of planwright.migration: data-dependent, ACCESS EXCLUSIVE on planwright.migration; code that writes rows that it forbids fails from now on; rows in its way: SELECT * FROM planwright.migration WHERE NOT (class = ANY (ARRAY['additive'::text, 'data-dependent'::text, 'breaking'::text]))

ALTER TABLE planwright.migration DROP CONSTRAINT migration_class_check;
ALTER TABLE planwright.migration ADD CONSTRAINT migration_class_check CHECK ((class = ANY (ARRAY['additive'::text, 'data-dependent'::text, 'breaking'::text])));
