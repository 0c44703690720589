//! The index behind a primary key, unique or exclusion constraint. It comes and goes with the
//! constraint, has its name, and is an object of its own for what only indexes have: storage
//! parameters, a tablespace, a comment, and being what foreign keys, CLUSTER and replica identity
//! go by.

use super::index::{moved, settings, targets};
use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, Rule::*, fields},
    sql::ident,
    step::{Class::Additive, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ConstraintIndex {
    /// `fillfactor=70`
    options: crate::sql::Options,
    tablespace: String,
    /// The statistics targets of its columns that have one: `[position, target]`.
    statistics: Vec<(i64, i64)>,
    /// The table is partitioned.
    partitioned: bool,
}

impl Kind for ConstraintIndex {
    const NAME: &'static str = "constraint_index";
    const RANK: u8 = 72;
    const ROWS: &'static [&'static str] =
        &["pg_constraint.contype p", "pg_constraint.contype u", "pg_constraint.contype x"];
    const QUERY: &'static str = "
        select 'pg_class'::regclass as class, c.oid as object, array[n.nspname, t.relname, k.conname] as path,
               c.reloptions as options,
               s.spcname as tablespace,
               (select json_agg(json_build_array(a.attnum, a.attstattarget) order by a.attnum)
                from pg_attribute a where a.attrelid = c.oid and a.attstattarget >= 0) as statistics,
               t.relkind = 'p' as partitioned
        from pg_constraint k
        join pg_class c on c.oid = k.conindid
        join pg_class t on t.oid = k.conrelid
        join pg_namespace n on n.oid = t.relnamespace
        left join pg_tablespace s on s.oid = c.reltablespace
        where k.contype in ('p', 'u', 'x') and c.relpersistence <> 't'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(ConstraintIndex {
        options: When(|edit| match edit.old.partitioned {
            true => Recreate(Additive, "PostgreSQL does not change them on a partitioned table's index"),
            false => Alter(|edit| {
                settings(&ConstraintIndex::sql(edit.id), &edit.old.options, &edit.new.options)
            }),
        }),
        tablespace: Alter(|edit| vec![moved(&ConstraintIndex::sql(edit.id), &edit.new.tablespace)]),
        statistics: Alter(|edit| {
            targets(&ConstraintIndex::sql(edit.id), &edit.old.statistics, &edit.new.statistics)
        }),
        partitioned: Apart,
    });

    fn sql(id: &Id) -> String {
        format!("INDEX {}.{}", ident(&id.path[0]), ident(id.name()))
    }

    /// The constraint has made it; this is what the constraint did not say.
    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = Self::sql(id);
        let tablespace = (!self.tablespace.is_empty()).then(|| moved(&sql, &self.tablespace));
        let mut steps = settings(&sql, &[], &self.options);
        steps.extend(tablespace);
        steps.extend(targets(&sql, &[], &self.statistics));
        steps
    }

    fn drop(&self, _: &Id) -> Vec<Step> {
        Vec::new()
    }

    fn inline(&self, id: &Id, _: &[Part]) -> Option<Part> {
        let mut text = String::new();
        if !self.options.is_empty() {
            text += &format!(" WITH ({})", crate::sql::options(&self.options));
        }
        if !self.tablespace.is_empty() {
            text += &format!(" USING INDEX TABLESPACE {}", ident(&self.tablespace));
        }
        let after = targets(&Self::sql(id), &[], &self.statistics);
        Some(Part { host: id.of("constraint", 3), slot: "index", order: 0, text, after })
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        vec![id.of("constraint", 3)]
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![id.of("constraint", 3)]
    }

    fn rebuilt_as(&self, id: &Id) -> Id {
        id.of("constraint", 3)
    }

    fn describe(id: &Id) -> String {
        format!("index of {}", crate::kind::of(&id.of("constraint", 3)).describe(&id.of("constraint", 3)))
    }
}
