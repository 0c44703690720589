//! Stand-alone composite types. Their attributes are objects of their own.

use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, fields},
    sql::{dotted, ident},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CompositeType {}

impl Kind for CompositeType {
    const NAME: &'static str = "composite_type";
    const RANK: u8 = 26;
    // The class row of a free-standing composite type hangs on its type row.
    const ROWS: &'static [&'static str] = &["pg_class.relkind c"];
    const QUERY: &'static str = "
        select 'pg_type'::regclass as class, t.oid as object, array[n.nspname, t.typname] as path
        from pg_type t
        join pg_class c on c.oid = t.typrelid
        join pg_namespace n on n.oid = t.typnamespace
        where c.relkind = 'c' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(CompositeType {});

    fn sql(id: &Id) -> String {
        format!("TYPE {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, parts: &[Part]) -> Vec<Step> {
        let attributes: Vec<&str> =
            parts.iter().filter(|part| part.slot == "element").map(|part| part.text.as_str()).collect();
        let attributes = match attributes.is_empty() {
            true => "()".to_string(),
            false => format!("(\n    {}\n)", attributes.join(",\n    ")),
        };
        let sql = format!("CREATE {} AS {attributes}", Self::sql(id));
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

    fn slots(&self, id: &Id) -> Vec<Vec<String>> {
        crate::kind::relation_slot(id)
    }
}
