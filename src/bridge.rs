//! What keeps an old and a new name the same while programs use both.
//!
//! Apart from the kinds that are renamed because it is written in PL/pgSQL.

use crate::{
    backfill,
    catalog::Id,
    expand::{Bridge, Twin},
    sql::{clipped, dotted, ident, literal},
    step::{Lock, Step},
};

/// Two columns of one table: who writes one of them writes the other.
pub fn columns(before: &Id, after: &Id) -> Bridge {
    cast_columns(before, after, ["", ""])
}

/// A column and the one of another type that takes its place later; `casts` are how a value goes there and back.
pub fn twins(column: &Id, twin: Id, casts: [&str; 2]) -> Twin {
    let bridge = Bridge { waits: vec![twin.of("column_default", 3)], ..cast_columns(column, &twin, casts) };
    Twin { id: twin, bridge }
}

/// Triggers fire in the order of their names, and this one must see what others did.
fn trigger(before: &Id, after: &Id) -> String {
    ident(&clipped(&format!("zz_{}_{}", before.name(), after.name()), "_sync"))
}

fn cast_columns(before: &Id, after: &Id, [there, back]: [&str; 2]) -> Bridge {
    let table = &after.path[..2];
    let (old, new) = (ident(before.name()), ident(after.name()));
    let both = clipped(&format!("{}_{}_{}", table[1], before.name(), after.name()), "_sync");
    let function = dotted(&[table[0].clone(), both.clone()]);
    let name = trigger(before, after);
    let on = dotted(table);
    let body = format!(
        "CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $planwright$
BEGIN
    IF pg_catalog.current_setting('planwright.fills', true) = 'on' THEN
        NEW.{new} := NEW.{old}{there};
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.{new} IS NULL THEN
            NEW.{new} := NEW.{old}{there};
        ELSE
            NEW.{old} := NEW.{new}{back};
        END IF;
    ELSIF NEW.{new} IS DISTINCT FROM OLD.{new} THEN
        NEW.{old} := NEW.{new}{back};
    ELSIF NEW.{old} IS DISTINCT FROM OLD.{old} THEN
        NEW.{new} := NEW.{old}{there};
    END IF;
    RETURN NEW;
END
$planwright$"
    );
    let trigger = format!(
        "CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {on} FOR EACH ROW EXECUTE FUNCTION {function}()"
    );
    let why = "the rows that there are get what the old name holds, a few at a time";
    let batches = backfill::in_batches(
        table,
        &format!("{new} = {old}{there}"),
        &format!("{new} IS NULL AND {old} IS NOT NULL"),
        "PERFORM pg_catalog.set_config('planwright.fills', 'on', true);",
    );
    let fill = Step::additive(batches, Lock::RowExclusive, why).outside().fires();
    let batches = backfill::in_batches(
        table,
        &format!("{old} = {new}{back}"),
        &format!("{old} IS NULL AND {new} IS NOT NULL"),
        "",
    );
    let why = "the old column gets its values again, a few at a time";
    let refill = Some(Step::additive(batches, Lock::RowExclusive, why).outside().fires());
    let why = "PostgreSQL knows nothing of its values yet";
    let analyze = Some(Step::additive(format!("ANALYZE {on}"), Lock::ShareUpdateExclusive, why).shared());
    let ends = Some(format!("DROP TRIGGER {name} ON {on}"));
    // With a default, an old program's insert would look like a new one's.
    let waits = ["column_default", "identity"].map(|kind| after.of(kind, 3)).to_vec();
    Bridge { in_place: None, statements: vec![body, trigger], fill: Some(fill), analyze, ends, refill, waits }
}

/// A table under its new name, and a view under the old one.
///
/// It does not serve COPY, TRUNCATE and ON CONFLICT ON CONSTRAINT.
pub fn tables(before: &Id, after: &Id) -> Bridge {
    let (old, new) = (dotted(&before.path), dotted(&after.path));
    let view = format!(
        "CREATE VIEW {old} AS SELECT * FROM {new};
DO $planwright$
DECLARE
    granted record;
BEGIN
    -- Who may use the table may use the view.
    FOR granted IN
        SELECT a.privilege_type, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::pg_catalog.regrole::text END AS role
        FROM pg_catalog.pg_class c CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) a
        WHERE c.oid = {regclass}::pg_catalog.regclass AND a.grantee <> c.relowner
            AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    LOOP
        EXECUTE pg_catalog.format('GRANT %s ON {old_text} TO %s', granted.privilege_type, granted.role);
    END LOOP;
END
$planwright$",
        regclass = literal(&new),
        old_text = old.replace('%', "%%").replace('\'', "''"),
    );
    Bridge { in_place: Some([view, format!("DROP VIEW {old}")]), ..Bridge::default() }
}
