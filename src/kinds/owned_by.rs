//! Which column owns a sequence: apart from the sequence, which comes before its column, whose
//! default asks it for values, and which survives the column once another owns it.

use super::owner::owner;
use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident, literal},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnedBy {
    /// A sequence is in the schema of the table whose column owns it.
    table: String,
    column: String,
    /// Whether the column's default asks the sequence for values.
    feeds: bool,
    descending: bool,
    /// The table's owner as SQL names it, where that is not the role that plans.
    role: String,
}

impl Kind for OwnedBy {
    const NAME: &'static str = "owned_by";
    const RANK: u8 = 66;
    const ROWS: &'static [&'static str] = &["pg_class.relkind S"];
    const QUERY: &'static str = "
        select array[n.nspname, c.relname] as path, t.relname as table, a.attname as column,
               f.objid is not null and a.atttypid in ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype) as feeds,
               s.seqincrement < 0 as descending,
               case when r.rolname <> current_user then quote_ident(r.rolname) end as role
        from pg_sequence s
        join pg_class c on c.oid = s.seqrelid
        join pg_namespace n on n.oid = c.relnamespace
        join pg_depend o on o.classid = 'pg_class'::regclass and o.objid = c.oid and o.objsubid = 0
             and o.refclassid = 'pg_class'::regclass and o.refobjsubid > 0 and o.deptype = 'a'
        join pg_class t on t.oid = o.refobjid
        join pg_roles r on r.oid = t.relowner
        join pg_attribute a on a.attrelid = o.refobjid and a.attnum = o.refobjsubid
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        left join pg_depend f on f.classid = 'pg_attrdef'::regclass and f.objid = d.oid
             and f.refclassid = 'pg_class'::regclass and f.refobjid = c.oid
        where c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(OwnedBy {
        table: Alter(set),
        column: Alter(set),
        feeds: Apart,
        descending: Apart,
        role: Apart
    });

    fn sql(id: &Id) -> String {
        format!("SEQUENCE {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let mut steps = self.owned(id);
        if self.feeds {
            steps.push(self.advance(id));
        }
        steps
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("ALTER {} OWNED BY NONE", Self::sql(id));
        vec![Step::additive(sql, Lock::ShareRowExclusive, "the sequence goes on by itself")]
    }

    fn acts(&self) -> bool {
        true
    }

    fn inline(&self, id: &Id, _: &[Part]) -> Option<Part> {
        // The rows of a new column get their values from the sequence.
        let after = self.owned(id);
        Some(Part { host: self.owner(id), slot: "owned", order: 0, text: String::new(), after })
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        vec![id.of("sequence", 2), self.owner(id)]
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![id.of("sequence", 2)]
    }

    fn comes_after(&self, id: &Id) -> Vec<Id> {
        let table = [id.path[0].as_str(), self.table.as_str()];
        ["table", "foreign_table"].map(|kind| owner(&Id::new(kind, table))).into()
    }

    fn describe(id: &Id) -> String {
        format!("owner of sequence {}", dotted(&id.path))
    }
}

impl OwnedBy {
    fn owner(&self, id: &Id) -> Id {
        Id::new("column", [&id.path[0], &self.table, &self.column].map(String::as_str))
    }

    fn owned(&self, id: &Id) -> Vec<Step> {
        let mut steps = Vec::new();
        if !self.role.is_empty() {
            // PostgreSQL wants one owner for both, and from then on keeps it so.
            let sql = format!("ALTER {} OWNER TO {}", Self::sql(id), self.role);
            steps.push(Step::additive(sql, Lock::AccessExclusive, "its table has this owner"));
        }
        let sql = format!("ALTER {} OWNED BY {}", Self::sql(id), dotted(&self.owner(id).path));
        steps.push(Step::additive(
            sql,
            Lock::ShareRowExclusive,
            "from now on the sequence goes when the column goes",
        ));
        steps
    }

    /// A sequence made for a column that has values already must not hand them out again.
    fn advance(&self, id: &Id) -> Step {
        let (end, beyond) = if self.descending { ("min", "<=") } else { ("max", ">=") };
        let (sequence, value) = (dotted(&id.path), format!("{end}({})", ident(&self.column)));
        let sql = format!(
            "SELECT pg_catalog.setval({}, {value}) FROM {} HAVING {value} {beyond} (SELECT last_value FROM {sequence})",
            literal(&sequence),
            dotted(&[id.path[0].clone(), self.table.clone()]),
        );
        Step::additive(sql, Lock::RowExclusive, "the sequence goes on after the values that are there")
    }
}

fn set(edit: &Edit<OwnedBy>) -> Vec<Step> {
    edit.new.owned(edit.id)
}
