//! Attributes of composite types. PostgreSQL adds and drops one whatever stores the type, but
//! changes its type only where no column of a table does; there the whole type is replaced.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{dotted, ident},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Attribute {
    /// 1 for the first attribute that is left.
    position: i64,
    r#type: String,
    /// Empty when it is the type's own.
    collation: String,
    /// A column of some table holds values of the composite type, itself or inside another type.
    stored: bool,
    /// There is a table `OF` the type.
    has_tables: bool,
}

impl Kind for Attribute {
    const NAME: &'static str = "attribute";
    const RANK: u8 = 27;
    const BY_PLACE: bool = true;
    const ROWS: &'static [&'static str] = &["pg_class.relkind c"];
    const QUERY: &'static str = "
        with recursive holds(type) as (
            select distinct a.atttypid
            from pg_attribute a join pg_class c on c.oid = a.attrelid
            where c.relkind in ('r', 'p', 'f', 'm') and c.oid >= 16384 and a.atttypid >= 16384
              and a.attnum > 0 and not a.attisdropped
            union
            select x.type
            from holds h
            join pg_type t on t.oid = h.type
            left join pg_range r on r.rngtypid = t.oid
            left join pg_range m on m.rngmultitypid = t.oid -- since 14
            cross join lateral (
                select t.typelem as type
                union all select t.typbasetype
                union all select r.rngsubtype
                union all select m.rngtypid -- since 14
                union all select a.atttypid from pg_attribute a
                          where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) x
            where x.type >= 16384)
        select 'pg_class'::regclass as class, c.oid as object, a.attnum::int as sub,
               array[n.nspname, t.typname, a.attname] as path,
               row_number() over (partition by c.oid order by a.attnum) as position,
               format_type(a.atttypid, a.atttypmod) as type,
               case when a.attcollation <> b.typcollation then
                   quote_ident(cn.nspname) || '.' || quote_ident(co.collname) end as collation,
               h.type is not null as stored,
               o.reloftype is not null as has_tables
        from pg_type t
        join pg_class c on c.oid = t.typrelid
        join pg_namespace n on n.oid = t.typnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        join pg_type b on b.oid = a.atttypid
        left join pg_collation co on co.oid = a.attcollation
        left join pg_namespace cn on cn.oid = co.collnamespace
        left join holds h on h.type = t.oid
        left join (select distinct reloftype from pg_class where reloftype <> 0) o on o.reloftype = t.oid
        where c.relkind = 'c' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Attribute {
        position: Apart,
        r#type: When(retype),
        collation: When(retype),
        stored: Apart,
        has_tables: Apart,
    });

    fn sql(id: &Id) -> String {
        format!("COLUMN {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = format!("{} ADD ATTRIBUTE {}{}", alter(id), self.clause(id), self.cascade());
        vec![Step::breaking(sql, self.lock(), "code that writes the type as a row of fixed length fails")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("{} DROP ATTRIBUTE {}{}", alter(id), ident(id.name()), self.cascade());
        let step = Step::breaking(sql, self.lock(), "statements that name the attribute fail");
        let keeps = !self.stored && !self.has_tables;
        vec![if keeps { step } else { step.loses(format!("the values of {}", dotted(&id.path))) }]
    }

    fn inline(&self, id: &Id, _: &[Part]) -> Option<Part> {
        Some(Part {
            host: id.of("composite_type", 2),
            slot: "element",
            order: self.position,
            text: self.clause(id),
            after: Vec::new(),
        })
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        vec![id.of("composite_type", 2)]
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![id.of("composite_type", 2)]
    }

    fn completes(&self, id: &Id) -> Vec<Id> {
        vec![id.of("composite_type", 2)]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        // CASCADE changes the tables OF the type, and nothing where there are none.
        let sql = format!("{} RENAME ATTRIBUTE {} TO {} CASCADE", alter(id), ident(id.name()), ident(to));
        Some(Step::breaking(sql, Lock::AccessExclusive, "the old name stops working at the same instant"))
    }

    fn follow(&self, id: &Id, before: &Self) -> Option<(Vec<Step>, &'static [&'static str])> {
        (!self.stored && !before.stored).then(|| (vec![self.retyped(id)], NONE_IN_THE_WAY))
    }

    fn rebuilt_as(&self, id: &Id) -> Id {
        if self.stored { id.of("composite_type", 2) } else { id.clone() }
    }

    fn alike(&self, other: &Self) -> bool {
        self.r#type == other.r#type
    }
}

const NONE_IN_THE_WAY: &[&str] = &[];

impl Attribute {
    /// `street text COLLATE "C"`
    fn clause(&self, id: &Id) -> String {
        format!("{} {}{}", ident(id.name()), self.r#type, self.collate())
    }

    fn collate(&self) -> String {
        match self.collation.as_str() {
            "" => String::new(),
            collation => format!(" COLLATE {collation}"),
        }
    }

    fn cascade(&self) -> &'static str {
        if self.has_tables { " CASCADE" } else { "" }
    }

    fn lock(&self) -> Lock {
        if self.has_tables { Lock::AccessExclusive } else { Lock::None }
    }

    fn retyped(&self, id: &Id) -> Step {
        let sql = format!(
            "{} ALTER ATTRIBUTE {} TYPE {}{}{}",
            alter(id),
            ident(id.name()),
            self.r#type,
            self.collate(),
            self.cascade()
        );
        Step::breaking(sql, self.lock(), "code that decodes the old type fails")
    }
}

fn alter(id: &Id) -> String {
    format!("ALTER TYPE {}", dotted(&id.path[..2]))
}

fn retype(edit: &Edit<Attribute>) -> Rule<Attribute> {
    if edit.old.stored {
        return Recreate(Breaking, "an attribute's type cannot be changed in place while a table stores it");
    }
    AlterWithout(&["function", "procedure", "view", "materialized_view"], |edit| {
        vec![edit.new.retyped(edit.id)]
    })
}
