-- planwright: 1
-- mode: transaction

ALTER TABLE planwright.migration DROP CONSTRAINT migration_class_check;
ALTER TABLE planwright.migration ADD CONSTRAINT migration_class_check CHECK ((class = ANY (ARRAY['additive'::text, 'breaking'::text])));
