//! Operator families, with the members that belong to no class of theirs.
//!
//! Since PostgreSQL 14 an access method decides which members a class holds on to; the others,
//! even those written in the class's own CREATE, are the family's.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OperatorFamily {
    /// Slot and what fills it: `OPERATOR 1 (integer, bigint)`, `public.<(integer,bigint)`.
    members: Vec<(String, String)>,
}

impl Kind for OperatorFamily {
    const NAME: &'static str = "operator_family";
    const RANK: u8 = 54;
    const ROWS: &'static [&'static str] = &["pg_opfamily"];
    const QUERY: &'static str = "
        with members as (
            select d.refobjid as family, 'OPERATOR ' || o.amopstrategy || types as slot,
                   o.amopopr::regoperator
                   || coalesce(' FOR ORDER BY ' || quote_ident(sn.nspname) || '.' || quote_ident(sf.opfname), '') as text
            from pg_amop o
            join pg_depend d on d.classid = 'pg_amop'::regclass and d.objid = o.oid
                 and d.refclassid = 'pg_opfamily'::regclass and d.refobjid = o.amopfamily
            cross join lateral (select ' (' || format_type(o.amoplefttype, null) || ', '
                                       || format_type(o.amoprighttype, null) || ')' as types) t
            left join pg_opfamily sf on sf.oid = o.amopsortfamily
            left join pg_namespace sn on sn.oid = sf.opfnamespace
            where o.oid >= 16384
            union all
            select d.refobjid, 'FUNCTION ' || p.amprocnum || types, p.amproc::regprocedure::text
            from pg_amproc p
            join pg_depend d on d.classid = 'pg_amproc'::regclass and d.objid = p.oid
                 and d.refclassid = 'pg_opfamily'::regclass and d.refobjid = p.amprocfamily
            cross join lateral (select ' (' || format_type(p.amproclefttype, null) || ', '
                                       || format_type(p.amprocrighttype, null) || ')' as types) t
            where p.oid >= 16384)
        select 'pg_opfamily'::regclass as class, f.oid as object,
               array[n.nspname, f.opfname, a.amname] as path,
               json_agg(json_build_array(m.slot, m.text) order by m.slot) filter (where m.slot is not null) as members
        from pg_opfamily f
        join pg_namespace n on n.oid = f.opfnamespace
        join pg_am a on a.oid = f.opfmethod
        left join members m on m.family = f.oid
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        group by f.oid, n.nspname, f.opfname, a.amname";
    const FIELDS: &'static [Field<Self>] = fields!(OperatorFamily { members: Alter(members) });

    fn sql(id: &Id) -> String {
        format!("OPERATOR FAMILY {} USING {}", dotted(&id.path[..2]), ident(id.name()))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = format!("CREATE {}", Self::sql(id));
        let step = Step::additive(sql, Lock::None, "a new operator family; nothing existing refers to it");
        let new = self.members.iter();
        std::iter::once(step).chain(change(id, "ADD", new.map(|(slot, text)| filled(slot, text)))).collect()
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that names the family fails")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::None, "the old name stops working at the same instant"))
    }

    fn describe(id: &Id) -> String {
        format!("operator family {} using {}", dotted(&id.path[..2]), ident(id.name()))
    }
}

/// A member as `ADD` and `CREATE OPERATOR CLASS` take it: for an operator, it names its own types.
pub(super) fn filled(slot: &str, text: &str) -> String {
    let slot = match slot.starts_with("OPERATOR") {
        true => slot.split(" (").next().unwrap_or(slot),
        false => slot,
    };
    format!("{slot} {text}")
}

fn change(id: &Id, word: &str, members: impl Iterator<Item = String>) -> Option<Step> {
    let members: Vec<String> = members.collect();
    let sql = format!("ALTER {} {word}\n    {}", OperatorFamily::sql(id), members.join(",\n    "));
    (!members.is_empty()).then(|| Step::additive(sql, Lock::None, "only index searches look at it"))
}

fn members(edit: &Edit<OperatorFamily>) -> Vec<Step> {
    let (old, new) = (&edit.old.members, &edit.new.members);
    let gone = old.iter().filter(|member| !new.contains(member)).map(|(slot, _)| slot.clone());
    let come = new.iter().filter(|member| !old.contains(member)).map(|(slot, text)| filled(slot, text));
    change(edit.id, "DROP", gone).into_iter().chain(change(edit.id, "ADD", come)).collect()
}
