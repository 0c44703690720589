//! A table's place in a publication: which of its columns and rows are published.
//!
//! No statement changes these for one table: it leaves the publication and joins it again.

use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident, idents},
    step::{Class::DataDependent, Lock, Step},
};
use serde::{Deserialize, Serialize};

/// The path: publication, schema, table.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PublicationTable {
    /// Empty for all columns (PostgreSQL 15).
    columns: Vec<String>,
    /// Empty for all rows (PostgreSQL 15).
    filter: crate::deparsed::Expression,
    /// The publication has updates or deletes, and the table nothing to tell its rows apart by.
    no_identity: bool,
}

impl Kind for PublicationTable {
    const NAME: &'static str = "publication_table";
    const RANK: u8 = 202;
    const ROWS: &'static [&'static str] = &["pg_publication"];
    const QUERY: &'static str = "
        select 'pg_publication_rel'::regclass as class, r.oid as object, array[p.pubname, n.nspname, c.relname] as path,
               (select array_agg(a.attname order by a.attname collate \"C\") from pg_attribute a -- since 15
                where a.attrelid = r.prrelid and a.attnum = any (r.prattrs)) as columns, -- since 15
               pg_get_expr(r.prqual, r.prrelid) as filter, -- since 15
               (p.pubupdate or p.pubdelete) and (c.relreplident = 'n' or c.relreplident = 'd' and not exists
                   (select from pg_index i where i.indrelid = c.oid and i.indisprimary)) as no_identity
        from pg_publication_rel r
        join pg_publication p on p.oid = r.prpubid
        join pg_class c on c.oid = r.prrelid
        join pg_namespace n on n.oid = c.relnamespace";
    const FIELDS: &'static [Field<Self>] = fields!(PublicationTable {
        columns: Recreate(DataDependent, "subscribers get other columns from now on"),
        filter: Recreate(DataDependent, "subscribers get other rows from now on"),
        no_identity: Apart,
    });

    fn sql(id: &Id) -> String {
        format!("PUBLICATION {}", ident(&id.path[0]))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        // Without ONLY, children that inherit from it would join as well.
        let mut sql = format!("ALTER {} ADD TABLE ONLY {}", Self::sql(id), dotted(&id.path[1..]));
        if !self.columns.is_empty() {
            sql += &format!(" ({})", idents(&self.columns));
        }
        if !self.filter.is_empty() {
            sql += &format!(" WHERE ({})", self.filter);
        }
        vec![if self.no_identity {
            let why = "the table has no replica identity, so updates and deletes of it fail from now on";
            Step::breaking(sql, Lock::ShareUpdateExclusive, why)
        } else {
            Step::additive(sql, Lock::ShareUpdateExclusive, "reads and writes of the table stay as they are")
        }]
    }

    fn acts(&self) -> bool {
        true
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("ALTER {} DROP TABLE ONLY {}", Self::sql(id), dotted(&id.path[1..]));
        vec![Step::breaking(sql, Lock::ShareUpdateExclusive, "subscribers no longer get its changes")]
    }

    fn describe(id: &Id) -> String {
        format!("table {} in publication {}", dotted(&id.path[1..]), ident(&id.path[0]))
    }
}
