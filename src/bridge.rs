//! What keeps an old and a new name the same while programs use both.
//!
//! Apart from the kinds that are renamed because it is written in PL/pgSQL.

use crate::{
    backfill,
    catalog::Id,
    expand::Bridge,
    sql::{clipped, dotted, ident},
    step::{Lock, Step},
};

/// Two columns of one table: who writes one of them writes the other.
pub fn columns(before: &Id, after: &Id) -> Bridge {
    let table = &after.path[..2];
    let (old, new) = (ident(before.name()), ident(after.name()));
    let both = clipped(&format!("{}_{}_{}", table[1], before.name(), after.name()), "_sync");
    let function = dotted(&[table[0].clone(), both.clone()]);
    // Triggers fire in the order of their names, and this one must see what others did.
    let trigger = ident(&clipped(&format!("zz_{}_{}", before.name(), after.name()), "_sync"));
    let on = dotted(table);
    let body = format!(
        "CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $planwright$
BEGIN
    IF pg_catalog.current_setting('planwright.fills', true) = 'on' THEN
        NEW.{new} := NEW.{old};
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.{new} IS NULL THEN
            NEW.{new} := NEW.{old};
        ELSE
            NEW.{old} := NEW.{new};
        END IF;
    ELSIF NEW.{new} IS DISTINCT FROM OLD.{new} THEN
        NEW.{old} := NEW.{new};
    ELSIF NEW.{old} IS DISTINCT FROM OLD.{old} THEN
        NEW.{new} := NEW.{old};
    END IF;
    RETURN NEW;
END
$planwright$"
    );
    let trigger = format!(
        "CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {on} FOR EACH ROW EXECUTE FUNCTION {function}()"
    );
    let why = "the rows that there are get what the old name holds, a few at a time";
    let batches = backfill::in_batches(
        table,
        &format!("{new} = {old}"),
        &format!("{new} IS NULL AND {old} IS NOT NULL"),
        "PERFORM pg_catalog.set_config('planwright.fills', 'on', true);",
    );
    let fill = Step::additive(batches, Lock::RowExclusive, why).outside();
    // With a default, an old program's insert would look like a new one's.
    let waits = ["column_default", "identity"].map(|kind| after.of(kind, 3)).to_vec();
    Bridge { in_place: false, statements: vec![body, trigger], fill: Some(fill), waits }
}

/// A table under its new name, and a view under the old one.
///
/// It does not serve COPY, TRUNCATE and ON CONFLICT ON CONSTRAINT.
pub fn tables(before: &Id, after: &Id) -> Bridge {
    let statement = format!("CREATE VIEW {} AS SELECT * FROM {}", dotted(&before.path), dotted(&after.path));
    Bridge { in_place: true, statements: vec![statement], ..Bridge::default() }
}
