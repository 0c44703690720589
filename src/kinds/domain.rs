//! Domains. Their constraints are objects of their own; the type beneath can only be replaced, and the whole
//! domain, too, where a column holds values of it inside others: PostgreSQL does not look there for what a new
//! constraint excludes, and refuses it.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{dotted, ident},
    step::{
        Class::{Breaking, DataDependent},
        Lock, Step,
    },
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Domain {
    r#type: String,
    /// Empty when it is the type's own.
    collation: String,
    default: crate::deparsed::Expression,
    not_null: bool,
    /// A column of some table holds values of it inside an array, a row or a range.
    inside: bool,
    /// The names and conditions of the constraints that hold.
    checks: Vec<crate::deparsed::Expression>,
}

impl Kind for Domain {
    const NAME: &'static str = "domain";
    const RANK: u8 = 28;
    const ROWS: &'static [&'static str] = &["pg_type.typtype d"];
    const QUERY: &'static str = "
        with recursive holds(type, inside) as (
            select distinct a.atttypid, false
            from pg_attribute a join pg_class c on c.oid = a.attrelid
            where c.relkind in ('r', 'p', 'f', 'm') and c.oid >= 16384 and a.atttypid >= 16384
              and a.attnum > 0 and not a.attisdropped
            union
            select x.type, h.inside or x.inside
            from holds h
            join pg_type t on t.oid = h.type
            left join pg_range r on r.rngtypid = t.oid
            left join pg_range m on m.rngmultitypid = t.oid -- since 14
            cross join lateral (
                select t.typbasetype as type, false as inside
                union all select t.typelem, true
                union all select r.rngsubtype, true
                union all select m.rngtypid, true -- since 14
                union all select a.atttypid, true from pg_attribute a
                          where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) x
            where x.type >= 16384)
        select 'pg_type'::regclass as class, t.oid as object, array[n.nspname, t.typname] as path,
               format_type(t.typbasetype, t.typtypmod) as type,
               case when t.typcollation <> b.typcollation then
                   quote_ident(cn.nspname) || '.' || quote_ident(co.collname) end as collation,
               pg_get_expr(t.typdefaultbin, 0) as default,
               t.typnotnull as not_null,
               h.type is not null as inside,
               array(select quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid) from pg_constraint k
                     where k.contypid = t.oid and k.contype = 'c' and k.convalidated
                     order by k.conname collate \"C\") as checks
        from pg_type t
        join pg_namespace n on n.oid = t.typnamespace
        join pg_type b on b.oid = t.typbasetype
        left join pg_collation co on co.oid = t.typcollation
        left join pg_namespace cn on cn.oid = co.collnamespace
        left join holds h on h.type = t.oid and h.inside
        where t.typtype = 'd' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Domain {
        r#type: Recreate(Breaking, "the type of a domain cannot be changed in place"),
        collation: Recreate(Breaking, "the collation of a domain cannot be changed in place"),
        default: Alter(default),
        not_null: When(nullability),
        inside: Apart,
        checks: When(|edit| {
            let new = edit.new.checks.iter().any(|check| !edit.old.checks.contains(check));
            if new && edit.old.inside { EXCLUDED } else { Apart }
        }),
    });

    fn sql(id: &Id) -> String {
        format!("DOMAIN {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, parts: &[Part]) -> Vec<Step> {
        let mut sql = format!("CREATE {} AS {}", Self::sql(id), self.r#type);
        if !self.collation.is_empty() {
            sql += &format!(" COLLATE {}", self.collation);
        }
        if !self.default.is_empty() {
            sql += &format!(" DEFAULT {}", self.default);
        }
        if self.not_null {
            let named = parts.iter().find(|part| part.slot == "not_null");
            sql += &format!(" {}", named.map_or("NOT NULL", |part| &part.text));
        }
        for part in parts.iter().filter(|part| part.slot == "constraint") {
            sql += &format!("\n    {}", part.text);
        }
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

fn default(edit: &Edit<Domain>) -> Vec<Step> {
    let change = match &*edit.new.default {
        "" => "DROP DEFAULT".to_string(),
        expression => format!("SET DEFAULT {expression}"),
    };
    let sql = format!("ALTER {} {change}", Domain::sql(edit.id));
    vec![match &*edit.old.default {
        "" => Step::additive(sql, Lock::None, "it concerns only future inserts that omit the column"),
        _ => {
            let why = "inserts that omit a column of it store another value from now on";
            Step::data_dependent(sql, Lock::None, why)
        }
    }]
}

/// What values inside others may be in the way of.
const EXCLUDED: Rule<Domain> = Recreate(
    DataDependent,
    "PostgreSQL adds no constraint to a domain that a column has values of inside others",
);

fn nullability(edit: &Edit<Domain>) -> Rule<Domain> {
    if edit.new.not_null && edit.old.inside { EXCLUDED } else { Alter(not_null) }
}

fn not_null(edit: &Edit<Domain>) -> Vec<Step> {
    let sql = |word: &str| format!("ALTER {} {word} NOT NULL", Domain::sql(edit.id));
    vec![if edit.new.not_null {
        let why = "code that writes NULL fails from now on, and it fails at once if a row has one";
        Step::data_dependent(sql("SET"), Lock::Share, why)
    } else {
        let why = "code that reads it meets NULL once something writes it";
        Step::data_dependent(sql("DROP"), Lock::None, why)
    }]
}
