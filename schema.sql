-- What Planwright keeps in every database that it migrates.

CREATE SCHEMA planwright;

COMMENT ON SCHEMA planwright IS 'What Planwright keeps about the migrations of this database';

CREATE TABLE planwright.migration (
    id bigint GENERATED ALWAYS AS IDENTITY,
    bundle text NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    direction text NOT NULL,
    class text NOT NULL,
    major integer NOT NULL,
    patch integer NOT NULL,
    checksum text NOT NULL,
    statements_done integer NOT NULL,
    failure text,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    role text NOT NULL,
    application text NOT NULL,
    tool_version text NOT NULL,
    CONSTRAINT migration_pkey PRIMARY KEY (id),
    CONSTRAINT migration_direction_check CHECK (direction IN ('up', 'down')),
    CONSTRAINT migration_class_check CHECK (class IN ('additive', 'data-dependent', 'breaking'))
);

CREATE INDEX migration_bundle_idx ON planwright.migration (bundle, id);

COMMENT ON TABLE planwright.migration IS 'Every run of a migration, up or down; rows are only added';

COMMENT ON COLUMN planwright.migration.bundle IS 'Whose migration: the name of the project';

COMMENT ON COLUMN planwright.migration.checksum IS 'SHA-256 of the file that ran, with LF line ends';

COMMENT ON COLUMN planwright.migration.statements_done IS 'How far a run outside a transaction has come';

COMMENT ON COLUMN planwright.migration.failure IS 'What stopped a run outside a transaction the last time';

COMMENT ON COLUMN planwright.migration.finished_at IS 'Empty while it runs, and after it was interrupted';

CREATE TABLE planwright.backfill (
    relation text NOT NULL,
    work text NOT NULL,
    page bigint NOT NULL,
    pages bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    written_at timestamp with time zone NOT NULL,
    CONSTRAINT backfill_pkey PRIMARY KEY (relation, work)
);

COMMENT ON TABLE planwright.backfill IS 'How far each backfill that is under way, or was interrupted, has come';

COMMENT ON COLUMN planwright.backfill.work IS 'What is set in each row';

COMMENT ON COLUMN planwright.backfill.page IS 'The page of the table that is next';

CREATE TABLE planwright.trash (
    id bigint GENERATED ALWAYS AS IDENTITY,
    schema text NOT NULL,
    name text NOT NULL,
    trash_schema text NOT NULL,
    trash_name text NOT NULL,
    discarded_at timestamp with time zone NOT NULL,
    discarded_by text NOT NULL,
    restored_at timestamp with time zone,
    purged_at timestamp with time zone,
    CONSTRAINT trash_pkey PRIMARY KEY (id)
);

CREATE INDEX trash_name_idx ON planwright.trash (schema, name, id);

COMMENT ON TABLE planwright.trash IS 'Every table that a migration dropped, and what became of it; rows are only added';

COMMENT ON COLUMN planwright.trash.name IS 'What it was called before';

COMMENT ON COLUMN planwright.trash.trash_name IS 'What it is called until it is restored or purged';

CREATE TABLE planwright.trash_part (
    trash bigint NOT NULL,
    kind text NOT NULL,
    trash_table text NOT NULL,
    schema text NOT NULL,
    name text NOT NULL,
    trash_name text NOT NULL,
    type text,
    CONSTRAINT trash_part_trash_fkey FOREIGN KEY (trash) REFERENCES planwright.trash (id),
    CONSTRAINT trash_part_kind_check CHECK (kind IN ('table', 'index', 'sequence', 'column'))
);

CREATE INDEX trash_part_trash_idx ON planwright.trash_part (trash);

COMMENT ON TABLE planwright.trash_part IS 'What went to the trash together: a table, its partitions, and what belongs to each';

COMMENT ON COLUMN planwright.trash_part.trash_table IS 'What the table that it belongs to is called in the trash';

COMMENT ON COLUMN planwright.trash_part.type IS 'The type that a column had, where that is not one of PostgreSQL''s own';

-- A name that no relation in the trash has: cut at 63 bytes between characters, numbered where that makes two alike.
CREATE FUNCTION planwright.trash_name(trash_schema text, wanted text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    cut text;
    ending text := '';
    tries integer := 1;
BEGIN
    LOOP
        cut := wanted;
        WHILE octet_length(cut || ending) > 63 LOOP
            cut := left(cut, -1);
        END LOOP;
        EXIT WHEN to_regclass(format('%I.%I', trash_schema, cut || ending)) IS NULL;
        tries := tries + 1;
        ending := '_' || tries;
    END LOOP;
    RETURN cut || ending;
END
$$;

-- Does an object rely on anything but these relations, PostgreSQL itself and extensions?
CREATE FUNCTION planwright.relies_on_others(object_class regclass, object oid, relations oid[]) RETURNS boolean
LANGUAGE sql SET search_path = pg_catalog AS $$
    SELECT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = object_class AND d.objid = object AND d.deptype = 'n'
          AND NOT (d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY (relations))
          AND NOT EXISTS (SELECT FROM pg_depend e
                          WHERE e.classid = d.refclassid AND e.objid = d.refobjid AND e.deptype = 'e'))
$$;

-- Takes away what a table has to do with all others; where the table is restored, the migration makes that anew.
CREATE PROCEDURE planwright.cut_off(discarded regclass, relations oid[])
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT format('ALTER PUBLICATION %I DROP TABLE %s', p.pubname, discarded)
        FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid WHERE r.prrelid = discarded
        UNION ALL
        SELECT format('DROP RULE %I ON %s', rulename, discarded) FROM pg_rewrite
        WHERE ev_class = discarded AND rulename <> '_RETURN'
        UNION ALL
        SELECT format('DROP TRIGGER %I ON %s', tgname, discarded) FROM pg_trigger
        WHERE tgrelid = discarded AND NOT tgisinternal AND tgparentid = 0
        UNION ALL
        SELECT format('DROP POLICY %I ON %s', polname, discarded) FROM pg_policy WHERE polrelid = discarded
        UNION ALL
        SELECT format('DROP STATISTICS %I.%I', n.nspname, s.stxname)
        FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE s.stxrelid = discarded
        UNION ALL
        SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', discarded, conname) FROM pg_constraint
        WHERE conrelid = discarded AND contype = 'f' AND conparentid = 0
        UNION ALL
        SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', discarded, conname) FROM pg_constraint
        WHERE conrelid = discarded AND contype <> 'f' AND conparentid = 0 AND coninhcount = 0
          AND (planwright.relies_on_others('pg_constraint', oid, relations)
               OR conindid <> 0 AND planwright.relies_on_others('pg_class', conindid, relations))
        UNION ALL
        SELECT format('DROP INDEX %s', indexrelid::regclass) FROM pg_index i JOIN pg_class c ON c.oid = indexrelid
        WHERE indrelid = discarded AND NOT relispartition AND planwright.relies_on_others('pg_class', indexrelid, relations)
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = discarded AND contype <> 'f')
        UNION ALL
        SELECT CASE a.attgenerated
                   WHEN '' THEN format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT', discarded, a.attname)
                   WHEN 's' THEN format('ALTER TABLE %s ALTER COLUMN %I DROP EXPRESSION', discarded, a.attname)
                   ELSE format('ALTER TABLE %s DROP COLUMN %I', discarded, a.attname)
               END
        FROM pg_attrdef e JOIN pg_attribute a ON a.attrelid = e.adrelid AND a.attnum = e.adnum
        WHERE e.adrelid = discarded AND (a.attgenerated = '' OR a.attinhcount = 0)
          AND planwright.relies_on_others('pg_attrdef', e.oid, relations)
        UNION ALL
        SELECT format('ALTER TABLE %s NOT OF', discarded) FROM pg_class WHERE oid = discarded AND reloftype <> 0
        UNION ALL
        SELECT DISTINCT format('REVOKE ALL ON %s %s FROM %s CASCADE',
                               CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass,
                               CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END)
        FROM pg_class c
        CROSS JOIN LATERAL (SELECT grantee FROM aclexplode(c.relacl)
                            UNION SELECT x.grantee FROM pg_attribute a CROSS JOIN aclexplode(a.attacl) x
                            WHERE a.attrelid = c.oid) g
        WHERE g.grantee <> c.relowner AND (c.oid = discarded
            OR c.relkind = 'S' AND EXISTS (SELECT FROM pg_depend d
                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refobjid = discarded
                  AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$;

-- Moves a table to the trash instead of dropping it, with its partitions and with the indexes and sequences of all.
CREATE PROCEDURE planwright.discard(dropped text, trash_schema text)
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    whole regclass := dropped;
    members regclass[];
    relations oid[];
    member regclass;
    part record;
    old_schema text;
    old_name text;
    new_name text;
    entry bigint;
    moment timestamp with time zone := clock_timestamp();
    stamp text;
BEGIN
    IF to_regnamespace(quote_ident(trash_schema)) IS NULL THEN
        EXECUTE format('CREATE SCHEMA %I', trash_schema);
        EXECUTE format('COMMENT ON SCHEMA %I IS %L', trash_schema,
                       'Dropped tables, until `migrate purge`; planwright.trash says what they were called');
    END IF;
    LOOP
        stamp := to_char(moment AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSMS_');
        EXIT WHEN NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = quote_ident(trash_schema)::regnamespace
                                                     AND starts_with(relname::text, stamp));
        moment := moment + interval '1 millisecond';
    END LOOP;
    FOR part IN
        SELECT inhparent::regclass AS parent, relispartition FROM pg_inherits JOIN pg_class ON oid = inhrelid
        WHERE inhrelid = whole
    LOOP
        IF part.relispartition THEN
            EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', part.parent, whole);
        ELSE
            EXECUTE format('ALTER TABLE %s NO INHERIT %s', whole, part.parent);
        END IF;
    END LOOP;
    members := array(SELECT whole UNION ALL SELECT relid FROM pg_partition_tree(whole) WHERE relid <> whole);
    relations := members::oid[] || array(
        SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass
                                      AND refobjid = ANY (members) AND deptype IN ('a', 'i'));
    SELECT n.nspname, c.relname INTO old_schema, old_name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = whole;
    INSERT INTO planwright.trash (schema, name, trash_schema, trash_name, discarded_at, discarded_by)
    VALUES (old_schema, old_name, trash_schema, planwright.trash_name(trash_schema, stamp || old_name),
            clock_timestamp(), current_user)
    RETURNING id INTO entry;
    FOREACH member IN ARRAY members LOOP
        CALL planwright.cut_off(member, relations);
    END LOOP;
    FOREACH member IN ARRAY members LOOP
        SELECT n.nspname, c.relname INTO old_schema, old_name
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = member;
        -- The schema first: to rename there takes no right in the one that it leaves.
        EXECUTE format('ALTER TABLE %s SET SCHEMA %I', member, trash_schema);
        new_name := planwright.trash_name(trash_schema, stamp || old_name);
        EXECUTE format('ALTER TABLE %s RENAME TO %I', member, new_name);
        INSERT INTO planwright.trash_part (trash, kind, trash_table, schema, name, trash_name)
        VALUES (entry, 'table', new_name, old_schema, old_name, new_name);
        FOR part IN
            SELECT CASE relkind WHEN 'S' THEN 'sequence' ELSE 'index' END AS kind, oid::regclass AS relation, relname,
                   ''::text AS trash_name
            FROM pg_class
            WHERE oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = member) OR relkind = 'S' AND oid IN (
                SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass
                                              AND refobjid = member AND deptype IN ('a', 'i'))
            ORDER BY relname
        LOOP
            part.trash_name := planwright.trash_name(trash_schema, stamp || part.relname);
            EXECUTE format('ALTER %s %s RENAME TO %I', part.kind, part.relation, part.trash_name);
            INSERT INTO planwright.trash_part (trash, kind, trash_table, schema, name, trash_name)
            VALUES (entry, part.kind, new_name, old_schema, part.relname, part.trash_name);
        END LOOP;
        INSERT INTO planwright.trash_part (trash, kind, trash_table, schema, name, trash_name, type)
        SELECT entry, 'column', new_name, old_schema, a.attname, a.attname, format_type(a.atttypid, a.atttypmod)
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = member AND a.attnum > 0 AND NOT a.attisdropped AND a.attinhcount = 0
          AND t.typnamespace <> 'pg_catalog'::regnamespace
        ORDER BY a.attnum;
    END LOOP;
END
$$;

-- Makes the columns in the trash let go of a type that is about to be dropped.
CREATE PROCEDURE planwright.release(dropped text)
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    part record;
BEGIN
    FOR part IN
        SELECT a.attrelid::regclass AS relation, a.attname,
               CASE WHEN a.atttypid = t.typarray THEN 'text[]'
                    WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
                    ELSE 'text' END AS type
        FROM planwright.trash_part p
        JOIN planwright.trash d ON d.id = p.trash AND d.restored_at IS NULL AND d.purged_at IS NULL
        JOIN pg_attribute a ON a.attrelid = to_regclass(format('%I.%I', d.trash_schema, p.trash_table))
                           AND a.attname = p.name AND NOT a.attisdropped
        JOIN pg_type t ON t.oid = dropped::regtype AND a.atttypid IN (t.oid, t.typarray)
        WHERE p.kind = 'column'
        ORDER BY a.attrelid, a.attnum
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s USING %2$I::%3$s', part.relation, part.attname, part.type);
    END LOOP;
END
$$;

-- Brings a table back from the trash: of several that had the name, the one that was dropped last.
CREATE PROCEDURE planwright.restore(dropped text)
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    names text[] := parse_ident(dropped);
    entry planwright.trash;
    member record;
    part record;
BEGIN
    SELECT * INTO entry FROM planwright.trash t
    WHERE t.schema = names[1] AND t.name = names[2] AND t.restored_at IS NULL ORDER BY t.id DESC LIMIT 1
    FOR UPDATE;
    IF entry.purged_at IS NOT NULL THEN
        RAISE EXCEPTION '% cannot be brought back: it was purged from the trash %', dropped,
            to_char(entry.purged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')
            USING HINT = 'Its rows are in backups only. Restore it from one, or stay at this version.';
    ELSIF entry.id IS NULL OR to_regclass(format('%I.%I', entry.trash_schema, entry.trash_name)) IS NULL THEN
        RAISE EXCEPTION '% cannot be brought back: it is not in the trash', dropped
            USING HINT = 'Somebody has moved or dropped it by hand; planwright.trash says what there was.';
    END IF;
    FOR member IN
        SELECT p.schema, p.name, p.trash_name FROM planwright.trash_part p WHERE p.trash = entry.id AND p.kind = 'table'
    LOOP
        IF to_regclass(format('%I.%I', entry.trash_schema, member.trash_name)) IS NULL THEN
            CONTINUE;
        END IF;
        IF to_regnamespace(quote_ident(member.schema)) IS NULL THEN
            EXECUTE format('CREATE SCHEMA %I', member.schema);
        END IF;
        FOR part IN
            SELECT p.kind, p.name, to_regclass(format('%I.%I', entry.trash_schema, p.trash_name)) AS relation
            FROM planwright.trash_part p
            WHERE p.trash = entry.id AND p.trash_table = member.trash_name AND p.kind IN ('index', 'sequence')
        LOOP
            IF part.relation IS NOT NULL THEN
                EXECUTE format('ALTER %s %s RENAME TO %I', part.kind, part.relation, part.name);
            END IF;
        END LOOP;
        EXECUTE format('ALTER TABLE %I.%I RENAME TO %I', entry.trash_schema, member.trash_name, member.name);
        EXECUTE format('ALTER TABLE %I.%I SET SCHEMA %I', entry.trash_schema, member.name, member.schema);
        FOR part IN
            SELECT a.attname, p.type FROM planwright.trash_part p
            JOIN pg_attribute a ON a.attrelid = format('%I.%I', member.schema, member.name)::regclass
                               AND a.attname = p.name AND NOT a.attisdropped
            WHERE p.trash = entry.id AND p.trash_table = member.trash_name AND p.kind = 'column'
              AND to_regtype(p.type) IS NOT NULL AND format_type(a.atttypid, a.atttypmod) <> p.type
        LOOP
            EXECUTE format('ALTER TABLE %I.%I ALTER COLUMN %I TYPE %s USING %3$I::%4$s',
                           member.schema, member.name, part.attname, part.type);
        END LOOP;
    END LOOP;
    UPDATE planwright.trash SET restored_at = clock_timestamp() WHERE id = entry.id;
END
$$;
