-- Four rows for every table that can have any: a plain one, one of extremes, one of NULLs, and one that
-- repeats the first in all that need not be unique. Run as one message; the answer is left in the
-- setting planwright.unseeded: {"public.users": "why it has no row"}.

-- The Nth plain value of a type, as text.
CREATE FUNCTION pg_temp.planwright_plain(base text, category text, typtype text, width int, scale int, n int, type oid)
RETURNS text LANGUAGE plpgsql AS $plpgsql$
DECLARE
    labels text[];
BEGIN
    IF typtype = 'e' THEN
        SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) INTO labels FROM pg_catalog.pg_enum e WHERE e.enumtypid = type;
        RETURN labels[1 + (n - 1) % cardinality(labels)];
    ELSIF typtype = 'c' THEN
        RETURN (SELECT '(' || repeat(',', greatest(count(*) - 1, 0)::int) || ')'
                FROM pg_catalog.pg_type t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid
                WHERE t.oid = type AND a.attnum > 0 AND NOT a.attisdropped);
    END IF;
    RETURN CASE
        WHEN typtype = 'r' THEN 'empty'
        WHEN typtype = 'm' OR category = 'A' THEN '{}'
        WHEN base IN ('int4', 'int8', 'int2', 'text', 'varchar', 'bpchar', 'float8', 'float4') THEN n::text
        WHEN base IN ('date', 'timestamp', 'timestamptz') THEN '2000-01-' || lpad(n::text, 2, '0')
        WHEN base = 'bool' THEN (n % 2 = 1)::text
        WHEN base = 'numeric' AND width <= scale THEN '0.' || repeat('0', scale - 1) || n % 10
        WHEN base = 'uuid' THEN lpad(n::text, 32, '0')
        WHEN base IN ('time', 'timetz') THEN '00:00:' || lpad(n::text, 2, '0')
        WHEN base = 'interval' THEN n || ' seconds'
        WHEN base IN ('json', 'jsonb') THEN '{"n": ' || n || '}'
        WHEN base = 'bytea' THEN '\x' || lpad(n::text, 2, '0')
        WHEN base IN ('inet', 'cidr') THEN '10.0.0.' || n
        WHEN base = 'macaddr' THEN '00:00:00:00:00:' || lpad(n::text, 2, '0')
        WHEN base = 'macaddr8' THEN '00:00:00:00:00:00:00:' || lpad(n::text, 2, '0')
        WHEN base = 'bit' THEN right(repeat('0', width) || n::bit(8)::text, width)
        WHEN base = 'varbit' THEN repeat('1', n)
        WHEN base = 'point' THEN format('(%s,%s)', n, n)
        WHEN base IN ('box', 'lseg') THEN format('(%s,%s),(%s,%s)', n, n, n + 1, n + 1)
        WHEN base IN ('path', 'polygon') THEN format('((%s,%s),(%s,%s))', n, n, n + 1, n)
        WHEN base = 'line' THEN format('{1,%s,0}', n)
        WHEN base = 'circle' THEN format('<(%s,%s),1>', n, n)
        WHEN base = 'xml' THEN '<a/>'
        WHEN base = 'pg_lsn' THEN '0/' || n
        WHEN base IN ('txid_snapshot', 'pg_snapshot') THEN format('%s:%s:', n, n)
        WHEN base = 'tid' THEN format('(0,%s)', n)
        WHEN base = 'jsonpath' THEN '$.a' || n
        WHEN base = 'hstore' THEN 'n=>' || n
        WHEN base IN ('geometry', 'geography') THEN format('POINT(%s %s)', n, n)
        WHEN base LIKE 'reg%' THEN '0'
        ELSE n::text
    END;
END
$plpgsql$;

-- A value that a narrower type does not hold; NULL where there is none.
CREATE FUNCTION pg_temp.planwright_extreme(base text, width int, scale int) RETURNS text LANGUAGE plpgsql AS $plpgsql$
BEGIN
    RETURN CASE base
        WHEN 'int2' THEN '32767'
        WHEN 'int4' THEN '2147483647'
        WHEN 'int8' THEN '9223372036854775807'
        WHEN 'numeric' THEN
            CASE WHEN width IS NULL THEN '99999999999999999999.999999'
                 ELSE repeat('9', width - scale) || CASE WHEN scale > 0 THEN '.' || repeat('9', scale) ELSE '' END END
        WHEN 'float4' THEN '1e30'
        WHEN 'float8' THEN '1e300'
        WHEN 'text' THEN repeat('x', 300)
        WHEN 'varchar' THEN repeat('x', coalesce(width, 300))
        WHEN 'bpchar' THEN repeat('x', coalesce(width, 1))
        WHEN 'timestamp' THEN '9999-12-31 23:59:59.999999'
        WHEN 'timestamptz' THEN '9999-12-31 23:59:59.999999+00'
    END;
END
$plpgsql$;

-- Inserts one row; returns NULL, or what stands in the way.
CREATE FUNCTION pg_temp.planwright_insert(relation text, columns jsonb, given jsonb) RETURNS jsonb LANGUAGE plpgsql AS $plpgsql$
DECLARE
    names text;
    texts text;
    message text; constraint_name text; state text;
BEGIN
    SELECT string_agg(format('%I', c ->> 'name'), ', '),
           string_agg(format('%L::%s', given ->> (c ->> 'name'), c ->> 'type'), ', ')
    INTO names, texts FROM jsonb_array_elements(columns) c WHERE given ? (c ->> 'name');
    IF names IS NULL THEN
        EXECUTE format('INSERT INTO %s DEFAULT VALUES', relation);
    ELSE
        EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES (%s)', relation, names, texts);
    END IF;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, constraint_name = CONSTRAINT_NAME, state = RETURNED_SQLSTATE;
    RETURN jsonb_build_object('message', message, 'constraint', constraint_name, 'state', state);
END
$plpgsql$;

-- Values to try so that the Nth row meets a condition, gathered from its own words: {"column": "value"}.
CREATE FUNCTION pg_temp.planwright_candidates(relation oid, constraint_name text, columns jsonb, n int) RETURNS SETOF jsonb LANGUAGE sql AS $sql$
    WITH condition AS (
        SELECT pg_catalog.pg_get_constraintdef(k.oid) AS text, k.conkey, k.contypid
        FROM pg_catalog.pg_constraint k
        WHERE k.conname = constraint_name AND (k.conrelid = relation OR k.contypid <> 0)
        UNION ALL
        SELECT pg_catalog.pg_get_partition_constraintdef(relation), NULL, 0 WHERE constraint_name = ''
    ), named AS (
        SELECT c, condition.text, condition.contypid
        FROM condition, jsonb_array_elements(columns) c
        WHERE CASE
            WHEN condition.conkey IS NOT NULL THEN (c ->> 'attnum')::int = ANY (condition.conkey)
            WHEN condition.contypid <> 0 THEN c -> 'types' @> to_jsonb(condition.contypid::text)
            ELSE condition.text LIKE '%' || (c ->> 'name') || '%'
        END
    ), number AS (
        SELECT DISTINCT c, contypid, found[1]::numeric AS value
        FROM named, regexp_matches(text, '(?:^|[^\w.])(-?\d{1,18}(?:\.\d{1,6})?)(?![\w.])', 'g') found
    ), literal AS (
        SELECT c, contypid, replace(found[1], '''''', '''') AS value, 1 AS rank
        FROM named, regexp_matches(text, '''((?:[^'']|'''')*)''', 'g') found
        UNION
        SELECT c, contypid, (value + d)::text, 2 FROM number, unnest(ARRAY[0, 1, -1]) d
        UNION
        SELECT c, contypid, rpad(n::text, value::int + d, 'x'), 3 FROM number, unnest(ARRAY[0, 1]) d
        WHERE c ->> 'category' = 'S' AND value BETWEEN 1 AND 999
        UNION
        SELECT c, contypid, value, 4 FROM named, unnest(CASE c ->> 'category'
            WHEN 'S' THEN ARRAY['a', 'A', 'abc', 'a@example.com', 'https://example.com/', '#000000', '+15555550123', 'a-b', '00000']
            WHEN 'N' THEN ARRAY['0', '1', '2', '3', '5', '10', '100']
            WHEN 'D' THEN ARRAY['1970-01-01', '2000-02-01', '2030-01-01']
            WHEN 'R' THEN ARRAY['(,)']
            WHEN 'B' THEN ARRAY['true', 'false'] END) value
        UNION
        SELECT c, contypid, pg_temp.planwright_plain(c ->> 'base', c ->> 'category', c ->> 'typtype', (c ->> 'width')::int,
                                           (c ->> 'scale')::int, other, (c ->> 'oid')::oid), 5
        FROM named, generate_series(1, 28) other WHERE text LIKE 'satisfies_hash_partition%'
        UNION
        SELECT c, contypid, NULL, 0 FROM named WHERE NOT (c ->> 'required')::boolean
    )
    -- A domain's condition holds for all columns of that domain.
    SELECT jsonb_object_agg(c ->> 'name', value)
    FROM literal
    GROUP BY rank, value, CASE WHEN contypid = 0 THEN c ->> 'attnum' END
    ORDER BY rank, CASE WHEN contypid = 0 THEN c ->> 'attnum' END, value
    LIMIT 80
$sql$;

SET session_replication_role = replica;

DO $do$
DECLARE
    relation record;
    columns jsonb;
    keys jsonb;
    attempt jsonb;
    wrong jsonb;
    changed jsonb;
    better jsonb;
    moved boolean;
    parent jsonb;
    one record;
    candidate jsonb;
    why text;
    rows int;
    sown int := 0;
    tries int;
    unseeded jsonb := '{}';
BEGIN
    CREATE TEMP TABLE planwright_waiting ON COMMIT DROP AS
        SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, c.relispartition
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                          WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e');
    CREATE UNIQUE INDEX ON planwright_waiting (oid);
    CREATE TEMP TABLE planwright_ready (oid oid, name text, relispartition bool) ON COMMIT DROP;
    -- A foreign key to a partitioned table waits for all of its partitions.
    CREATE TEMP TABLE planwright_reference ON COMMIT DROP AS
        SELECT k.conrelid AS child, coalesce(tree.relid::oid, k.confrelid) AS parent
        FROM pg_catalog.pg_constraint k
        LEFT JOIN LATERAL pg_catalog.pg_partition_tree(k.confrelid) tree ON tree.isleaf
        WHERE k.contype = 'f' AND k.conrelid <> k.confrelid;
    CREATE INDEX ON planwright_reference (child);
    LOOP
        TRUNCATE planwright_ready;
        WITH gone AS (
            DELETE FROM planwright_waiting w
            WHERE NOT EXISTS (SELECT FROM planwright_reference r JOIN planwright_waiting p ON p.oid = r.parent
                              WHERE r.child = w.oid AND p.oid <> w.oid)
            RETURNING *)
        INSERT INTO planwright_ready SELECT * FROM gone;
        IF NOT FOUND THEN
            -- Tables that reference each other: the first goes first.
            WITH gone AS (
                DELETE FROM planwright_waiting WHERE oid = (SELECT min(oid) FROM planwright_waiting) RETURNING *)
            INSERT INTO planwright_ready SELECT * FROM gone;
            EXIT WHEN NOT FOUND;
        END IF;
        FOR relation IN SELECT * FROM planwright_ready ORDER BY oid LOOP
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'name', a.attname, 'attnum', a.attnum, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
                       'base', b.typname, 'category', b.typcategory, 'typtype', b.typtype, 'oid', b.oid, 'types', b.path,
                       'width', CASE WHEN b.typmod < 0 THEN NULL
                                     WHEN b.typname = 'numeric' THEN ((b.typmod - 4) >> 16) & 65535
                                     WHEN b.typname IN ('varchar', 'bpchar') THEN b.typmod - 4
                                     WHEN b.typname IN ('bit', 'varbit') THEN b.typmod END,
                       'scale', CASE WHEN b.typname = 'numeric' AND b.typmod >= 0 THEN (b.typmod - 4) & 2047 END,
                       'required', a.attnotnull OR b.required,
                       'unique', EXISTS (SELECT FROM pg_catalog.pg_index x
                                         WHERE x.indrelid = a.attrelid AND (x.indisunique OR x.indisexclusion)
                                           AND (a.attnum = ANY (x.indkey) OR 0 = ANY (x.indkey)))) ORDER BY a.attnum), '[]')
            INTO columns
            FROM pg_catalog.pg_attribute a
            CROSS JOIN LATERAL (
                WITH RECURSIVE domain AS (
                    SELECT a.atttypid AS type, a.atttypmod AS typmod, false AS required, ARRAY[a.atttypid::text] AS path
                    UNION ALL
                    SELECT t.typbasetype, CASE WHEN d.typmod >= 0 THEN d.typmod ELSE t.typtypmod END,
                           d.required OR t.typnotnull, d.path || t.typbasetype::text
                    FROM domain d JOIN pg_catalog.pg_type t ON t.oid = d.type WHERE t.typtype = 'd')
                SELECT t.*, d.typmod, d.required, d.path
                FROM domain d JOIN pg_catalog.pg_type t ON t.oid = d.type WHERE t.typtype <> 'd') b
            WHERE a.attrelid = relation.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
            -- The columns of each foreign key, and how to read a row that they may reference.
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'itself', k.confrelid = k.conrelid,
                       'columns', (SELECT jsonb_agg(jsonb_build_array(a.attname, r.attname) ORDER BY at)
                                   FROM unnest(k.conkey, k.confkey) WITH ORDINALITY pair(mine, theirs, at)
                                   JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = mine
                                   JOIN pg_catalog.pg_attribute r ON r.attrelid = k.confrelid AND r.attnum = theirs),
                       'parent', format('%I.%I', pn.nspname, p.relname)) ORDER BY k.conname), '[]')
            INTO keys
            FROM pg_catalog.pg_constraint k
            JOIN pg_catalog.pg_class p ON p.oid = k.confrelid
            JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
            WHERE k.conrelid = relation.oid AND k.contype = 'f';

            rows := 0;
            why := NULL;
            tries := 0;
            FOR n IN 1..4 LOOP
                <<variants>>
                FOREACH candidate IN ARRAY CASE n WHEN 2 THEN ARRAY['"extreme"', '"plain"'] ELSE ARRAY['"plain"'] END::jsonb[] LOOP
                    SELECT jsonb_object_agg(c ->> 'name', CASE
                        WHEN n = 3 AND NOT (c ->> 'required')::boolean AND NOT (c ->> 'unique')::boolean THEN NULL
                        ELSE coalesce(
                            CASE WHEN candidate = '"extreme"' THEN
                                pg_temp.planwright_extreme(c ->> 'base', (c ->> 'width')::int, (c ->> 'scale')::int) END,
                            pg_temp.planwright_plain(c ->> 'base', c ->> 'category', c ->> 'typtype',
                                (c ->> 'width')::int, (c ->> 'scale')::int,
                                CASE WHEN n = 4 AND NOT (c ->> 'unique')::boolean THEN 1 ELSE n END, (c ->> 'oid')::oid))
                        END)
                    INTO attempt FROM jsonb_array_elements(columns) c;
                    attempt := coalesce(attempt, '{}');
                    FOR one IN SELECT k FROM jsonb_array_elements(keys) k LOOP
                        IF (one.k ->> 'itself')::boolean THEN
                            SELECT attempt || jsonb_object_agg(pair ->> 0, attempt -> (pair ->> 1))
                            INTO attempt FROM jsonb_array_elements(one.k -> 'columns') pair;
                        ELSIF EXISTS (SELECT FROM jsonb_array_elements(one.k -> 'columns') pair
                                      WHERE attempt ->> (pair ->> 0) IS NOT NULL) THEN
                            EXECUTE format('SELECT to_jsonb(p) FROM %s p OFFSET %s %% greatest((SELECT count(*) FROM %s), 1) LIMIT 1',
                                           one.k ->> 'parent', n - 1, one.k ->> 'parent') INTO parent;
                            -- Where the other table is still empty, its own row may come to match.
                            SELECT attempt || jsonb_object_agg(pair ->> 0, CASE
                                WHEN parent IS NOT NULL THEN parent -> (pair ->> 1)
                                WHEN (c ->> 'required')::boolean THEN attempt -> (pair ->> 0) END)
                            INTO attempt
                            FROM jsonb_array_elements(one.k -> 'columns') pair
                            JOIN jsonb_array_elements(columns) c ON c -> 'name' = pair -> 0;
                        END IF;
                    END LOOP;
                    wrong := pg_temp.planwright_insert(relation.name, columns, attempt);
                    -- A condition that is not met: change one value at a time, and keep what leads on to another fault.
                    moved := true;
                    WHILE moved AND wrong ->> 'state' = '23514' AND candidate = '"plain"' AND tries < 200 LOOP
                        moved := false;
                        FOR one IN SELECT c FROM pg_temp.planwright_candidates(relation.oid, wrong ->> 'constraint', columns, n) c LOOP
                            tries := tries + 1;
                            changed := attempt || one.c;
                            better := pg_temp.planwright_insert(relation.name, columns, changed);
                            moved := better IS NULL
                                OR better ->> 'state' = '23514' AND better ->> 'constraint' <> wrong ->> 'constraint';
                            IF moved THEN
                                attempt := changed;
                                wrong := better;
                                EXIT;
                            END IF;
                        END LOOP;
                    END LOOP;
                    IF wrong IS NULL THEN
                        rows := rows + 1;
                        EXIT variants;
                    END IF;
                    why := wrong ->> 'message';
                END LOOP;
            END LOOP;
            sown := sown + rows;
            IF rows = 0 THEN
                unseeded := unseeded || jsonb_build_object(relation.name, why);
            END IF;
        END LOOP;
    END LOOP;
    -- Rows that reference none go, and what referenced those.
    WHILE sown > 0 LOOP
        sown := 0;
        FOR one IN
            SELECT k.conrelid::regclass AS name,
                   format('FROM %s c WHERE ROW(%s) IS NOT NULL AND NOT EXISTS (SELECT FROM %s p WHERE ROW(%s) = ROW(%s))',
                          k.conrelid::regclass, pairs.mine, k.confrelid::regclass, pairs.mine, pairs.theirs) AS those
            FROM pg_catalog.pg_constraint k
            JOIN pg_catalog.pg_class r ON r.oid = k.conrelid AND r.relkind = 'r'
            CROSS JOIN LATERAL (
                SELECT string_agg(format('c.%I', a.attname), ', ' ORDER BY at) AS mine,
                       string_agg(format('p.%I', f.attname), ', ' ORDER BY at) AS theirs
                FROM unnest(k.conkey, k.confkey) WITH ORDINALITY pair(mine, theirs, at)
                JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = mine
                JOIN pg_catalog.pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = theirs) pairs
            WHERE k.contype = 'f'
        LOOP
            EXECUTE format('SELECT count(*) %s', one.those) INTO rows;
            CONTINUE WHEN rows = 0;
            sown := sown + rows;
            BEGIN
                EXECUTE format('DELETE %s', one.those);
            EXCEPTION WHEN object_not_in_prerequisite_state THEN
                -- A publication publishes what is deleted, and nothing tells the rows apart.
                EXECUTE format('TRUNCATE %s CASCADE', one.name);
            END;
        END LOOP;
    END LOOP;
    PERFORM set_config('planwright.unseeded', unseeded::text, false);
END
$do$;

SET session_replication_role = origin;
DROP FUNCTION pg_temp.planwright_plain, pg_temp.planwright_extreme, pg_temp.planwright_insert, pg_temp.planwright_candidates;
