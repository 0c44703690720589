//! Enumerated types. PostgreSQL adds and renames labels; to remove or move one, the type is made
//! anew beside the old one, and columns follow it through their text form.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{dotted, ident, literal},
    step::{
        Class::{Breaking, DataDependent},
        Lock, Step,
    },
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Enumeration {
    labels: Vec<String>,
}

impl Kind for Enumeration {
    const NAME: &'static str = "enumeration";
    const RANK: u8 = 22;
    const ROWS: &'static [&'static str] = &["pg_type.typtype e"];
    const QUERY: &'static str = "
        select 'pg_type'::regclass as class, t.oid as object, array[n.nspname, t.typname] as path,
               array_agg(e.enumlabel order by e.enumsortorder) filter (where e.enumlabel is not null) as labels
        from pg_type t
        join pg_namespace n on n.oid = t.typnamespace
        left join pg_enum e on e.enumtypid = t.oid
        where t.typtype = 'e' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        group by t.oid, n.nspname, t.typname";
    const FIELDS: &'static [Field<Self>] = fields!(Enumeration { labels: When(relabel) });

    fn sql(id: &Id) -> String {
        format!("TYPE {}", dotted(&id.path))
    }

    fn admits(&self, text: &str) -> bool {
        self.labels.iter().any(|label| label == text)
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let labels = self.labels.iter().map(|label| literal(label)).collect::<Vec<_>>().join(", ");
        let sql = format!("CREATE {} AS ENUM ({labels})", Self::sql(id));
        vec![Step::additive(sql, Lock::None, "a new type; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that names the type fails")]
    }

    fn discard(&self, id: &Id, _: &str) -> Option<Vec<Step>> {
        crate::kind::released(id, self.drop(id))
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::None, "the old name stops working at the same instant"))
    }

    fn rename_element(&mut self, id: &Id, from: &str, to: &str) -> Option<Step> {
        let label = self.labels.iter_mut().find(|label| *label == from)?;
        *label = to.to_string();
        let sql = format!("ALTER {} RENAME VALUE {} TO {}", Self::sql(id), literal(from), literal(to));
        Some(Step::breaking(sql, Lock::None, "code that reads or writes the old label fails"))
    }

    fn slots(&self, id: &Id) -> Vec<Vec<String>> {
        crate::kind::relation_slot(id)
    }

    fn alike(&self, other: &Self) -> bool {
        self == other
    }
}

fn relabel(edit: &Edit<Enumeration>) -> Rule<Enumeration> {
    let (old, new) = (&edit.old.labels, &edit.new.labels);
    let kept = || old.iter().filter(|label| new.contains(label));
    if !kept().eq(new.iter().filter(|label| old.contains(label))) {
        return Recreate(Breaking, "values are ordered otherwise, which PostgreSQL does not do in place");
    }
    if kept().count() < old.len() {
        return Recreate(
            DataDependent,
            "code that writes a label that goes fails, and so does a row that has it",
        );
    }
    Alter(|edit| {
        let new = &edit.new.labels;
        let added = (0..new.len()).filter(|at| !edit.old.labels.contains(&new[*at]));
        added.map(|at| add(edit, &new[at], at.checked_sub(1).map(|at| &new[at]))).collect()
    })
}

fn add(edit: &Edit<Enumeration>, label: &str, after: Option<&String>) -> Step {
    let place = match (after, edit.old.labels.first()) {
        (Some(after), _) => format!(" AFTER {}", literal(after)),
        (None, Some(first)) => format!(" BEFORE {}", literal(first)),
        (None, None) => String::new(),
    };
    let sql = format!("ALTER {} ADD VALUE {}{place}", Enumeration::sql(edit.id), literal(label));
    let why = "code that reads the type meets the label once something writes it, and it cannot be removed in place";
    Step::data_dependent(sql, Lock::None, why).commit_after()
}
