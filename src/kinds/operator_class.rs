//! Operator classes, with the members that they hold on to; the family has the others.

use super::operator_family::filled;
use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OperatorClass {
    default: bool,
    r#type: String,
    family: String,
    /// The type that an index stores; empty when it is the class's own.
    storage: String,
    /// Slot and what fills it: `OPERATOR 1 (integer, integer)`, `public.<(integer,integer)`.
    members: Vec<(String, String)>,
}

impl Kind for OperatorClass {
    const NAME: &'static str = "operator_class";
    const RANK: u8 = 55;
    const ROWS: &'static [&'static str] = &["pg_opclass"];
    const QUERY: &'static str = "
        with members as (
            select d.refobjid as of, 'OPERATOR ' || o.amopstrategy || types as slot,
                   o.amopopr::regoperator
                   || coalesce(' FOR ORDER BY ' || quote_ident(sn.nspname) || '.' || quote_ident(sf.opfname), '') as text
            from pg_amop o
            join pg_depend d on d.classid = 'pg_amop'::regclass and d.objid = o.oid
                 and d.refclassid = 'pg_opclass'::regclass
            cross join lateral (select ' (' || format_type(o.amoplefttype, null) || ', '
                                       || format_type(o.amoprighttype, null) || ')' as types) t
            left join pg_opfamily sf on sf.oid = o.amopsortfamily
            left join pg_namespace sn on sn.oid = sf.opfnamespace
            where o.oid >= 16384
            union all
            select d.refobjid, 'FUNCTION ' || p.amprocnum || types, p.amproc::regprocedure::text
            from pg_amproc p
            join pg_depend d on d.classid = 'pg_amproc'::regclass and d.objid = p.oid
                 and d.refclassid = 'pg_opclass'::regclass
            cross join lateral (select ' (' || format_type(p.amproclefttype, null) || ', '
                                       || format_type(p.amprocrighttype, null) || ')' as types) t
            where p.oid >= 16384)
        select 'pg_opclass'::regclass as class, c.oid as object,
               array[n.nspname, c.opcname, a.amname] as path,
               c.opcdefault as default, format_type(c.opcintype, null) as type,
               quote_ident(fn.nspname) || '.' || quote_ident(f.opfname) as family,
               case when c.opckeytype <> 0 then format_type(c.opckeytype, null) end as storage,
               (select json_agg(json_build_array(m.slot, m.text) order by m.slot) from members m where m.of = c.oid) as members
        from pg_opclass c
        join pg_namespace n on n.oid = c.opcnamespace
        join pg_am a on a.oid = c.opcmethod
        join pg_opfamily f on f.oid = c.opcfamily
        join pg_namespace fn on fn.oid = f.opfnamespace
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(OperatorClass {
        default: Recreate(Breaking, ANEW),
        r#type: Recreate(Breaking, ANEW),
        family: Recreate(Breaking, ANEW),
        storage: Recreate(Breaking, ANEW),
        members: Recreate(Breaking, ANEW),
    });

    fn sql(id: &Id) -> String {
        format!("OPERATOR CLASS {} USING {}", dotted(&id.path[..2]), ident(id.name()))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let mut items: Vec<String> = self.members.iter().map(|(slot, text)| filled(slot, text)).collect();
        // A class without a single item has no syntax; its own type is what it stores anyway.
        if !self.storage.is_empty() || items.is_empty() {
            let storage = if self.storage.is_empty() { &self.r#type } else { &self.storage };
            items.push(format!("STORAGE {storage}"));
        }
        let sql = format!(
            "CREATE OPERATOR CLASS {}{} FOR TYPE {} USING {} FAMILY {} AS\n    {}",
            dotted(&id.path[..2]),
            if self.default { " DEFAULT" } else { "" },
            self.r#type,
            ident(id.name()),
            self.family,
            items.join(",\n    ")
        );
        vec![Step::additive(sql, Lock::None, "a new operator class; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that names the class fails")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let name = ident(to);
        let sql = format!("ALTER {} RENAME TO {name}", Self::sql(id));
        Some(Step::breaking(sql, Lock::None, "the old name stops working at the same instant"))
    }

    fn describe(id: &Id) -> String {
        format!("operator class {} using {}", dotted(&id.path[..2]), ident(id.name()))
    }
}

const ANEW: &str = "an operator class cannot be changed in place";
