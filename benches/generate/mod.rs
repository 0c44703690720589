//! Realistic schemas of any size, the same text for the same size.
//! Separate because every benchmark measures on these and none should shape them.

use std::fmt::Write;

/// How many tables make a group with its own schema, enumeration, functions and partitioned table.
const GROUP: usize = 50;

/// How many tables refer to one of them.
const FAMILY: usize = 10;

/// The roles that the grants and policies name.
pub const ROLES: [&str; 2] = ["bench_reader", "bench_writer"];

/// A schema of `tables` tables, of which the first `changed` differ from those of an unchanged one.
///
/// Every table has a dozen columns, keys, two indexes, checks, comments, a trigger and grants, and refers to the
/// first of its family, which refers to the first of its group; every fifth has a view, every tenth policies, each group an enumeration, functions
/// and a partitioned table.
pub fn schema(tables: usize, changed: usize) -> String {
    let mut sql = String::new();
    for number in 0..tables {
        if number.is_multiple_of(GROUP) {
            group(&mut sql, number / GROUP);
        }
        table(&mut sql, number, number < changed);
    }
    sql
}

/// What the tables of a group share. Its partitioned table and partitions are beside the tables counted.
fn group(sql: &mut String, group: usize) {
    let s = format!("area_{group}");
    write!(
        sql,
        "CREATE SCHEMA {s};
GRANT USAGE ON SCHEMA {s} TO bench_reader, bench_writer;
CREATE TYPE {s}.status AS ENUM ('draft', 'open', 'paid', 'sent', 'closed');
CREATE DOMAIN {s}.code AS text CONSTRAINT code_is_short CHECK (length(VALUE) <= 32);
CREATE FUNCTION {s}.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
CREATE FUNCTION {s}.label_of(kind {s}.status, code text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT kind::text || ':' || code
$$;
CREATE TABLE {s}.event (id bigint NOT NULL, at timestamptz NOT NULL, body jsonb, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX event_at ON {s}.event (at DESC);
CREATE TABLE {s}.event_2023 PARTITION OF {s}.event FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE {s}.event_2024 PARTITION OF {s}.event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE {s}.event_rest PARTITION OF {s}.event DEFAULT;
"
    )
    .expect("a string takes all text");
}

fn table(sql: &mut String, number: usize, changed: bool) {
    let s = format!("area_{}", number / GROUP);
    let t = format!("{s}.entry_{number}");
    let price = if changed { "numeric(14, 4)" } else { "numeric(12, 2)" };
    let extra = if changed { ",\n    remark text" } else { "" };
    // A chain of a thousand tables would be deleted from as one.
    let above = if number.is_multiple_of(FAMILY) { GROUP } else { FAMILY };
    let parent = format!("{s}.entry_{}", number - number % above);
    write!(
        sql,
        "CREATE TABLE {t} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent_id bigint REFERENCES {parent} ON DELETE CASCADE,
    code {s}.code NOT NULL,
    name character varying(200) DEFAULT '' NOT NULL,
    status {s}.status DEFAULT 'draft' NOT NULL,
    quantity integer DEFAULT 1 NOT NULL,
    price {price} DEFAULT 0 NOT NULL,
    total numeric GENERATED ALWAYS AS (quantity) STORED,
    tags text[] DEFAULT '{{}}'::text[],
    payload jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone{extra},
    CONSTRAINT entry_{number}_code_key UNIQUE (code),
    CONSTRAINT entry_{number}_quantity_positive CHECK (quantity > 0),
    CONSTRAINT entry_{number}_price_not_negative CHECK (price >= 0)
);
CREATE INDEX entry_{number}_parent ON {t} (parent_id);
CREATE INDEX entry_{number}_open ON {t} (status, created_at DESC) WHERE status <> 'closed';
CREATE TRIGGER touched BEFORE UPDATE ON {t} FOR EACH ROW EXECUTE FUNCTION {s}.touch();
COMMENT ON TABLE {t} IS 'Entry number {number}; it''s generated';
COMMENT ON COLUMN {t}.price IS 'Per piece';
GRANT SELECT ON {t} TO bench_reader;
GRANT SELECT, INSERT, UPDATE (name, quantity) ON {t} TO bench_writer;
"
    )
    .expect("a string takes all text");
    if number.is_multiple_of(5) {
        write!(
            sql,
            "CREATE VIEW {s}.open_entry_{number} AS
    SELECT e.id, {s}.label_of(e.status, e.code) AS label, e.quantity * 2 AS twice, p.name AS parent
    FROM {t} e LEFT JOIN {parent} p ON p.id = e.parent_id WHERE e.status = 'open';
GRANT SELECT ON {s}.open_entry_{number} TO bench_reader;
"
        )
        .expect("a string takes all text");
    }
    if number.is_multiple_of(10) {
        write!(
            sql,
            "ALTER TABLE {t} ENABLE ROW LEVEL SECURITY;
CREATE POLICY readable ON {t} FOR SELECT TO bench_reader USING (status <> 'draft');
CREATE POLICY writable ON {t} TO bench_writer USING (true) WITH CHECK (quantity < 1000);
"
        )
        .expect("a string takes all text");
    }
}
