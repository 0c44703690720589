//! Extensions. What belongs to one is left alone by every kind; which version is installed is the
//! server's affair, so that it is neither compared nor written down.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{dotted, ident},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Extension {
    schema: String,
    relocatable: bool,
}

impl Kind for Extension {
    const NAME: &'static str = "extension";
    const RANK: u8 = 12;
    const QUERY: &'static str = "
        select 'pg_extension'::regclass as class, e.oid as object, array[e.extname] as path,
               n.nspname as schema, e.extrelocatable as relocatable
        from pg_extension e
        join pg_namespace n on n.oid = e.extnamespace";
    const FIELDS: &'static [Field<Self>] = fields!(Extension { schema: When(move_to), relocatable: Apart });

    fn sql(id: &Id) -> String {
        format!("EXTENSION {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = format!("CREATE {} WITH SCHEMA {}", Self::sql(id), ident(&self.schema));
        vec![Step::additive(sql, Lock::None, "a new extension; nothing existing refers to it")]
    }

    fn schema<'a>(&'a self, _: &'a Id) -> Option<&'a str> {
        Some(&self.schema)
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::AccessExclusive, "code that uses what the extension provides fails")]
    }
}

fn move_to(edit: &Edit<Extension>) -> Rule<Extension> {
    if !edit.old.relocatable {
        return Recreate(Breaking, "an extension that is not relocatable cannot change its schema in place");
    }
    Alter(|edit| {
        let sql = format!("ALTER {} SET SCHEMA {}", Extension::sql(edit.id), ident(&edit.new.schema));
        vec![Step::breaking(sql, Lock::None, "code that names its objects by the old schema fails")]
    })
}
