//! A schema in a publication: all tables that are or will be in it (PostgreSQL 15).

use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, fields},
    sql::ident,
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

/// The path: publication, schema.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PublicationSchema {}

impl Kind for PublicationSchema {
    const NAME: &'static str = "publication_schema";
    const RANK: u8 = 201;
    const ROWS: &'static [&'static str] = &["pg_publication"];
    const QUERY: &'static str = "
        select 'pg_publication_namespace'::regclass as class, s.oid as object, -- since 15
               array[p.pubname, n.nspname] as path -- since 15
        from pg_publication_namespace s -- since 15
        join pg_publication p on p.oid = s.pnpubid -- since 15
        join pg_namespace n on n.oid = s.pnnspid -- since 15
        select array['', ''] as path where false -- before 15
        ";
    const FIELDS: &'static [Field<Self>] = fields!(PublicationSchema {});

    fn sql(id: &Id) -> String {
        format!("PUBLICATION {}", ident(&id.path[0]))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = format!("ALTER {} ADD TABLES IN SCHEMA {}", Self::sql(id), ident(id.name()));
        let why = "updates and deletes of its tables that have no replica identity fail from now on";
        vec![Step::data_dependent(sql, Lock::ShareUpdateExclusive, why)]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("ALTER {} DROP TABLES IN SCHEMA {}", Self::sql(id), ident(id.name()));
        vec![Step::breaking(sql, Lock::ShareUpdateExclusive, "subscribers no longer get their changes")]
    }

    fn describe(id: &Id) -> String {
        format!("schema {} in publication {}", ident(id.name()), ident(&id.path[0]))
    }
}
