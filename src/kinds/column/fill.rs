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

/// How the rows that there are get the value.
#[derive(Clone, Copy)]
pub(super) enum Pace {
    /// In the transaction that adds the column.
    AtOnce,
    InBatches,
}

impl Column {
    /// The steps, where PostgreSQL would write the whole table anew and they spare it that, or where it adds no column
    /// with a value: something else holds rows of the table and would not get it (`ATRewriteTables`, all versions).
    pub(super) fn given_later(&self, id: &Id, parts: &[Part], plain: &Step, pace: Pace) -> Option<Vec<Step>> {
        let counted = parts.iter().find_map(|part| part.text.split_once(" AS IDENTITY"));
        match counted {
            _ if self.relation != "table" || !self.generated.is_empty() => None,
            Some((_, options)) => self.counted_later(id, options, parts, plain, pace),
            None => parts
                .iter()
                .any(|part| self.is_given(part))
                .then(|| self.filled_later(id, parts, plain, pace)),
        }
    }

    /// Is it a value that the column must not be added with?
    fn is_given(&self, part: &Part) -> bool {
        part.slot == VOLATILE || self.row_type_used && part.slot == "value"
    }

    /// From a sequence of its own at first, which may be used as an identity's is, and then from the identity's.
    fn counted_later(
        &self,
        id: &Id,
        options: &str,
        parts: &[Part],
        plain: &Step,
        pace: Pace,
    ) -> Option<Vec<Step>> {
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
        steps.extend(self.filled_later(id, &[others, vec![default]].concat(), plain, pace));
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
    fn filled_later(&self, id: &Id, parts: &[Part], plain: &Step, pace: Pace) -> Vec<Step> {
        let (given, others): (Vec<&Part>, Vec<&Part>) = parts.iter().partition(|part| self.is_given(part));
        let bare = Column { not_null: false, ..self.clone() };
        let others: Vec<Part> = others.into_iter().cloned().collect();
        let mut steps = vec![Step {
            sql: format!("{} ADD COLUMN {}", table(id), bare.clause(id, &others)),
            ..plain.clone()
        }];
        let edit = Edit { id, old: self, new: self };
        let why = "it concerns only future inserts";
        let defaults = given.iter().map(|part| format!("SET {}", part.text));
        steps.extend(defaults.flat_map(|set| alter_column(&edit, &set, Lock::AccessExclusive, why)));
        steps.push(match pace {
            Pace::AtOnce => backfill::filled_at_once(id),
            Pace::InBatches => backfill::filled(id),
        });
        if self.not_null {
            let why = "inserts that omit the column get its default";
            let sql = format!("{} ALTER COLUMN {} SET NOT NULL", table(id), ident(id.name()));
            let plain = Step::additive(sql, Lock::AccessExclusive, why);
            match pace {
                Pace::AtOnce => steps.push(plain),
                Pace::InBatches => steps.extend(backfill::required(id, &plain, self.valid_later)),
            }
        }
        steps
    }
}
