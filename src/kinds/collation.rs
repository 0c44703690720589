//! Collations. None of their properties can be changed in place; the version that PostgreSQL notes
//! for one is the server's affair.

use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident, literal},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Collation {
    /// `icu`, `builtin` (PostgreSQL 17) or `libc`
    provider: String,
    locale: String,
    lc_collate: String,
    lc_ctype: String,
    nondeterministic: bool,
    /// ICU's tailoring (PostgreSQL 16).
    rules: String,
}

impl Kind for Collation {
    const NAME: &'static str = "collation";
    const RANK: u8 = 20;
    const ROWS: &'static [&'static str] = &["pg_collation"];
    const QUERY: &'static str = "
        select 'pg_collation'::regclass as class, c.oid as object, array[n.nspname, c.collname] as path,
               case c.collprovider when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end as provider,
               case when c.collprovider = 'i' then c.collcollate end as locale, -- before 15
               c.colliculocale as locale, -- since 15 -- before 17
               c.colllocale as locale, -- since 17
               case when c.collprovider = 'c' then c.collcollate end as lc_collate,
               case when c.collprovider = 'c' then c.collctype end as lc_ctype,
               not c.collisdeterministic as nondeterministic,
               c.collicurules as rules, -- since 16
               null
        from pg_collation c
        join pg_namespace n on n.oid = c.collnamespace
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Collation {
        provider: Recreate(Breaking, ANEW),
        locale: Recreate(Breaking, ANEW),
        lc_collate: Recreate(Breaking, ANEW),
        lc_ctype: Recreate(Breaking, ANEW),
        nondeterministic: Recreate(Breaking, ANEW),
        rules: Recreate(Breaking, ANEW),
    });

    fn sql(id: &Id) -> String {
        format!("COLLATION {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let mut options = vec![format!("PROVIDER = {}", self.provider)];
        let one = self.lc_collate == self.lc_ctype;
        let locale = if one && self.locale.is_empty() { &self.lc_collate } else { &self.locale };
        let texts = [
            ("LOCALE", locale.as_str()),
            ("LC_COLLATE", if one { "" } else { &self.lc_collate }),
            ("LC_CTYPE", if one { "" } else { &self.lc_ctype }),
            ("RULES", &self.rules),
        ];
        let given = texts.iter().filter(|(_, value)| !value.is_empty());
        options.extend(given.map(|(name, value)| format!("{name} = {}", literal(value))));
        if self.nondeterministic {
            options.push("DETERMINISTIC = false".into());
        }
        let sql = format!("CREATE {} ({})", Self::sql(id), options.join(", "));
        vec![Step::additive(sql, Lock::None, "a new collation; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that names the collation fails")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::None, "the old name stops working at the same instant"))
    }
}

const ANEW: &str = "a collation cannot be changed in place, and what it sorts is sorted anew";
