//! Row-level security policies.
//!
//! `ALTER POLICY` gives other roles and other conditions, but removes no condition and changes
//! neither the command nor whether the policy is permissive.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{dotted, ident},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// `ALL`, `SELECT`, …
    command: String,
    /// It takes rows away that permissive ones give.
    restrictive: bool,
    /// As SQL names them: `PUBLIC`, `CURRENT_USER`, `"Reader"`.
    roles: Vec<String>,
    /// Which rows can be seen; empty when nothing is said.
    using: crate::deparsed::Expression,
    /// Which rows can be written; empty when nothing is said.
    check: crate::deparsed::Expression,
}

impl Kind for Policy {
    const NAME: &'static str = "policy";
    const RANK: u8 = 180;
    const ROWS: &'static [&'static str] = &["pg_policy"];
    const QUERY: &'static str = "
        select 'pg_policy'::regclass as class, p.oid as object, array[n.nspname, c.relname, p.polname] as path,
               case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE'
                             when 'd' then 'DELETE' else 'ALL' end as command,
               not p.polpermissive as restrictive,
               array(select case when u.id = 0 then 'PUBLIC' when r.rolname = current_user then 'CURRENT_USER'
                                 else quote_ident(r.rolname) end
                     from unnest(p.polroles) u (id) left join pg_roles r on r.oid = u.id order by 1) as roles,
               pg_get_expr(p.polqual, p.polrelid) as using,
               pg_get_expr(p.polwithcheck, p.polrelid) as check
        from pg_policy p
        join pg_class c on c.oid = p.polrelid
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Policy {
        command: Recreate(Breaking, "it is for other commands from now on"),
        restrictive: Recreate(Breaking, ROWS),
        roles: Alter(alter),
        using: When(|edit| condition(&edit.new.using)),
        check: When(|edit| condition(&edit.new.check)),
    });

    fn sql(id: &Id) -> String {
        format!("POLICY {} ON {}", ident(id.name()), dotted(&id.path[..2]))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let mut sql = format!("CREATE {}", Self::sql(id));
        if self.restrictive {
            sql += " AS RESTRICTIVE";
        }
        if self.command != "ALL" {
            sql += &format!(" FOR {}", self.command);
        }
        sql += &format!(" TO {}", self.roles.join(", "));
        for (word, condition) in [("USING", &self.using), ("WITH CHECK", &self.check)] {
            if !condition.is_empty() {
                sql += &format!("\n    {word} ({condition})");
            }
        }
        vec![if self.restrictive {
            Step::breaking(sql, Lock::AccessExclusive, ROWS)
        } else {
            Step::additive(sql, Lock::AccessExclusive, "it only gives roles more rows")
        }]
    }

    fn acts(&self) -> bool {
        true
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![if self.restrictive {
            Step::additive(sql, Lock::AccessExclusive, "it only gives roles more rows")
        } else {
            Step::breaking(sql, Lock::AccessExclusive, ROWS)
        }]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::additive(sql, Lock::AccessExclusive, "no statement names a policy"))
    }

    fn describe(id: &Id) -> String {
        format!("policy {} on {}", ident(id.name()), dotted(&id.path[..2]))
    }
}

const ROWS: &str = "rows vanish from the running code's reads, or its writes are refused";

fn condition(new: &str) -> Rule<Policy> {
    if new.is_empty() { Recreate(Breaking, ROWS) } else { Alter(alter) }
}

/// One statement for all that differs.
fn alter(edit: &Edit<Policy>) -> Vec<Step> {
    let mut sql = format!("ALTER {}", Policy::sql(edit.id));
    if edit.old.roles != edit.new.roles {
        sql += &format!(" TO {}", edit.new.roles.join(", "));
    }
    for (word, old, new) in
        [("USING", &edit.old.using, &edit.new.using), ("WITH CHECK", &edit.old.check, &edit.new.check)]
    {
        if old != new {
            sql += &format!("\n    {word} ({new})");
        }
    }
    vec![Step::breaking(sql, Lock::AccessExclusive, ROWS)]
}
