//! How a new column gets a value of its own in each row of a table that people use.
//!
//! Separate because it takes many steps where `create` takes one.

use super::{Column, alter_column, table};
use crate::{
    backfill,
    catalog::Id,
    kind::{Edit, Part},
    kinds::column_default::VOLATILE,
    sql::{clipped, dotted, ident, literal},
    step::{Lock, Step},
};

impl Column {
    /// The steps, where PostgreSQL would write the whole table anew and they spare it that.
    pub(super) fn given_later(
        &self,
        id: &Id,
        parts: &[Part],
        plain: &Step,
        volatile: bool,
    ) -> Option<Vec<Step>> {
        let counted = parts.iter().find_map(|part| part.text.split_once(" AS IDENTITY"));
        match counted {
            _ if self.relation != "table" || !self.generated.is_empty() => None,
            Some((_, options)) => self.counted_later(id, options, parts, plain),
            None => volatile.then(|| self.filled_later(id, parts, plain)),
        }
    }

    /// From a sequence of its own at first, which may be used as an identity's is, and then from the identity's.
    fn counted_later(&self, id: &Id, options: &str, parts: &[Part], plain: &Step) -> Option<Vec<Step>> {
        let others: Vec<Part> = parts.iter().filter(|part| part.slot != "value").cloned().collect();
        // One with a name of its own says it in front of all options.
        if options.contains("SEQUENCE NAME") {
            return None;
        }
        let options = options.trim().trim_start_matches('(').trim_end_matches(')');
        let own = clipped(&format!("{}_{}", id.path[1], id.name()), "_planwright_seq");
        let sequence = dotted(&[id.path[0].clone(), own]);
        let name = ident(id.name());
        let part =
            |text: String| Part { host: id.clone(), slot: VOLATILE, order: 0, text, after: Vec::new() };
        let made = format!("CREATE SEQUENCE {sequence} AS {} {options}", self.r#type);
        let granted = format!("GRANT USAGE ON SEQUENCE {sequence} TO PUBLIC");
        let why = "it counts until the identity does";
        let mut steps: Vec<Step> =
            [made.trim_end().to_string(), granted].map(|sql| Step::additive(sql, Lock::None, why)).to_vec();
        let default = part(format!("DEFAULT nextval({}::regclass)", literal(&sequence)));
        steps.extend(self.filled_later(id, &[others, vec![default]].concat(), plain));
        let value = parts.iter().find(|part| part.slot == "value")?;
        let on = dotted(&id.path[..2]);
        let identity = format!(
            "ALTER TABLE {on} ALTER COLUMN {name} DROP DEFAULT, ALTER COLUMN {name} ADD {}",
            value.text
        );
        let advanced = format!(
            "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence({}, {}), last_value, is_called) FROM {sequence}",
            literal(&on),
            literal(id.name())
        );
        let why = "the identity goes on where the sequence has come to";
        steps.push(Step::additive(
            identity,
            Lock::AccessExclusive,
            "inserts that omit the column get a value",
        ));
        steps.push(Step::additive(advanced, Lock::RowExclusive, why));
        steps.push(Step::additive(format!("DROP SEQUENCE {sequence}"), Lock::AccessExclusive, why));
        Some(steps)
    }

    /// First for rows to come, then for those that there are: another value for each is written page by page.
    fn filled_later(&self, id: &Id, parts: &[Part], plain: &Step) -> Vec<Step> {
        let (volatile, others): (Vec<&Part>, Vec<&Part>) =
            parts.iter().partition(|part| part.slot == VOLATILE);
        let bare = Column { not_null: false, ..self.clone() };
        let others: Vec<Part> = others.into_iter().cloned().collect();
        let mut steps = vec![Step {
            sql: format!("{} ADD COLUMN {}", table(id), bare.clause(id, &others)),
            ..plain.clone()
        }];
        let edit = Edit { id, old: self, new: self };
        let why = "it concerns only future inserts";
        let defaults = volatile.iter().map(|part| format!("SET {}", part.text));
        steps.extend(defaults.flat_map(|set| alter_column(&edit, &set, Lock::AccessExclusive, why)));
        steps.push(backfill::filled(id));
        if self.not_null {
            let why = "inserts that omit the column get its default";
            let sql = format!("{} ALTER COLUMN {} SET NOT NULL", table(id), ident(id.name()));
            let plain = Step::additive(sql, Lock::AccessExclusive, why);
            steps.extend(backfill::required(id, &plain, self.constrained));
        }
        steps
    }
}
