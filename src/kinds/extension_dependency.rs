//! `ALTER … DEPENDS ON EXTENSION`: dropping the extension drops the function, trigger, index or
//! materialized view too.
//!
//! What depends so does not use the extension by that: as far as PostgreSQL knows, each goes on
//! without the other once this object is gone.

use crate::{
    catalog::Id,
    kind::{self, Field, Kind, Part, fields},
    sql::ident,
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

/// The path ends in the extension.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ExtensionDependency {}

impl Kind for ExtensionDependency {
    const NAME: &'static str = "extension_dependency";
    const RANK: u8 = 236;
    // PostgreSQL 13 records one that is declared twice twice.
    const QUERY: &'static str = "
        select distinct d.classid as target_class, d.objid as target_object, d.objsubid as target_sub,
               array[e.extname] as path
        from pg_depend d
        join pg_extension e on e.oid = d.refobjid
        where d.deptype = 'x' and d.refclassid = 'pg_extension'::regclass";
    const FIELDS: &'static [Field<Self>] = fields!(ExtensionDependency {});

    fn sql(id: &Id) -> String {
        kind::target(id, 1).map_or_else(String::new, |target| kind::of(&target).sql(&target))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        vec![depends(id, "")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        vec![depends(id, "NO ")]
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        kind::target(id, 1).into_iter().chain([extension(id)]).collect()
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        kind::target(id, 1).into_iter().collect()
    }

    fn describe(id: &Id) -> String {
        let target = kind::target(id, 1);
        target.map_or_else(String::new, |target| format!("dependency of {target} on {}", extension(id)))
    }
}

fn extension(id: &Id) -> Id {
    Id::new("extension", [id.name()])
}

fn depends(id: &Id, no: &str) -> Step {
    let sql = format!("ALTER {} {no}DEPENDS ON EXTENSION {}", ExtensionDependency::sql(id), ident(id.name()));
    Step::additive(sql, Lock::None, "it only says what goes when the extension is dropped")
}
