//! Range types, with the multirange type that PostgreSQL 14 and later make for each.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{dotted, ident},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RangeType {
    subtype: String,
    /// Empty when it is the subtype's default one.
    operator_class: String,
    /// Empty when it is the subtype's own.
    collation: String,
    canonical: String,
    difference: String,
    /// Empty when it is the name that PostgreSQL makes from the range's.
    multirange: String,
    /// `[schema, type]`: the name that it really has; empty before PostgreSQL 14.
    multirange_name: Vec<String>,
}

impl Kind for RangeType {
    const NAME: &'static str = "range_type";
    const RANK: u8 = 30;
    const ROWS: &'static [&'static str] = &["pg_type.typtype r"];
    const QUERY: &'static str = "
        select 'pg_type'::regclass as class, t.oid as object, array[n.nspname, t.typname] as path,
               format_type(r.rngsubtype, null) as subtype,
               case when not oc.opcdefault then quote_ident(ocn.nspname) || '.' || quote_ident(oc.opcname) end as operator_class,
               case when r.rngcollation <> s.typcollation then
                   quote_ident(cn.nspname) || '.' || quote_ident(co.collname) end as collation,
               case when r.rngcanonical <> 0 then r.rngcanonical::regproc::text end as canonical,
               case when r.rngsubdiff <> 0 then r.rngsubdiff::regproc::text end as difference,
               case when m.typname <> case when t.typname ~ 'range' then regexp_replace(t.typname, 'range', 'multirange') -- since 14
                                           else t.typname || '_multirange' end                                          -- since 14
                    then quote_ident(mn.nspname) || '.' || quote_ident(m.typname) end as multirange,                    -- since 14
               json_build_array(mn.nspname, m.typname) as multirange_name,                                              -- since 14
               null
        from pg_range r
        join pg_type t on t.oid = r.rngtypid
        join pg_namespace n on n.oid = t.typnamespace
        join pg_type s on s.oid = r.rngsubtype
        join pg_opclass oc on oc.oid = r.rngsubopc
        join pg_namespace ocn on ocn.oid = oc.opcnamespace
        left join pg_collation co on co.oid = r.rngcollation
        left join pg_namespace cn on cn.oid = co.collnamespace
        left join pg_type m on m.oid = r.rngmultitypid -- since 14
        left join pg_namespace mn on mn.oid = m.typnamespace -- since 14
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(RangeType {
        subtype: Recreate(Breaking, ANEW),
        operator_class: Recreate(Breaking, ANEW),
        collation: Recreate(Breaking, ANEW),
        canonical: Recreate(Breaking, ANEW),
        difference: Recreate(Breaking, ANEW),
        multirange: When(rename_multirange),
        multirange_name: Apart,
    });

    fn sql(id: &Id) -> String {
        format!("TYPE {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let options: Vec<String> = [
            ("SUBTYPE", &self.subtype),
            ("SUBTYPE_OPCLASS", &self.operator_class),
            ("COLLATION", &self.collation),
            ("CANONICAL", &self.canonical),
            ("SUBTYPE_DIFF", &self.difference),
            ("MULTIRANGE_TYPE_NAME", &self.multirange),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
        let sql = format!("CREATE {} AS RANGE ({})", Self::sql(id), options.join(", "));
        vec![Step::additive(sql, Lock::None, "a new type; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        // A canonical function takes and returns the type, and the type needs the function.
        let cascade = if self.canonical.is_empty() { "" } else { " CASCADE" };
        let sql = format!("DROP {}{cascade}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that names the type fails")]
    }

    fn discard(&self, id: &Id, _: &str) -> Option<Vec<Step>> {
        crate::kind::released(id, self.drop(id))
    }

    fn shell(&self, id: &Id) -> Option<Step> {
        let sql = format!("CREATE {}", Self::sql(id));
        Some(Step::additive(sql, Lock::None, "a name for functions to use until the type is whole"))
    }

    fn slots(&self, id: &Id) -> Vec<Vec<String>> {
        crate::kind::relation_slot(id)
    }
}

const ANEW: &str = "a range type cannot be changed in place";

fn rename_multirange(edit: &Edit<RangeType>) -> Rule<RangeType> {
    let (old, new) = (&edit.old.multirange_name, &edit.new.multirange_name);
    if old.is_empty() || new.is_empty() || old[0] != new[0] {
        return Recreate(Breaking, ANEW);
    }
    // The functions that make values of it have its name, and ALTER TYPE leaves it to them.
    Alter(|edit| {
        let (old, to) = (dotted(&edit.old.multirange_name), ident(&edit.new.multirange_name[1]));
        let range = dotted(&edit.id.path);
        [
            format!("TYPE {old}"),
            format!("FUNCTION {old}()"),
            format!("FUNCTION {old}({range})"),
            format!("FUNCTION {old}(VARIADIC {range}[])"),
        ]
        .map(|what| format!("ALTER {what} RENAME TO {to}"))
        .map(|sql| Step::breaking(sql, Lock::None, "code that names the multirange type fails"))
        .into()
    })
}
