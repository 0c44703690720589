//! Conversions between character encodings.

use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident, literal},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Conversion {
    default: bool,
    from: String,
    to: String,
    function: String,
}

impl Kind for Conversion {
    const NAME: &'static str = "conversion";
    const RANK: u8 = 57;
    const ROWS: &'static [&'static str] = &["pg_conversion"];
    const QUERY: &'static str = "
        select 'pg_conversion'::regclass as class, c.oid as object, array[n.nspname, c.conname] as path,
               c.condefault as default,
               pg_encoding_to_char(c.conforencoding) as from, pg_encoding_to_char(c.contoencoding) as to,
               c.conproc::regproc::text as function
        from pg_conversion c
        join pg_namespace n on n.oid = c.connamespace
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Conversion {
        default: Recreate(Breaking, ANEW),
        from: Recreate(Breaking, ANEW),
        to: Recreate(Breaking, ANEW),
        function: Recreate(Breaking, ANEW),
    });

    fn sql(id: &Id) -> String {
        format!("CONVERSION {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = format!(
            "CREATE {}{} FOR {} TO {} FROM {}",
            if self.default { "DEFAULT " } else { "" },
            Self::sql(id),
            literal(&self.from),
            literal(&self.to),
            self.function
        );
        vec![Step::additive(sql, Lock::None, "a new conversion; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "clients of that encoding may no longer be served")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::additive(sql, Lock::None, "a conversion is found by its encodings"))
    }

    fn alike(&self, other: &Self) -> bool {
        self == other
    }
}

const ANEW: &str = "a conversion cannot be changed in place";
