//! Operators. One that names another as its commutator or negator before that exists makes a shell
//! of it, so their order is free.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::ident,
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Operator {
    function: String,
    /// `OPERATOR(public.>)`
    commutator: String,
    negator: String,
    restrict: String,
    join: String,
    hashes: bool,
    merges: bool,
}

impl Kind for Operator {
    const NAME: &'static str = "operator";
    const RANK: u8 = 52;
    const ROWS: &'static [&'static str] = &["pg_operator"];
    const QUERY: &'static str = "
        select 'pg_operator'::regclass as class, o.oid as object,
               array[n.nspname::text, o.oprname,
                     case when o.oprleft = 0 then 'NONE' else format_type(o.oprleft, null) end,
                     case when o.oprright = 0 then 'NONE' else format_type(o.oprright, null) end] as path,
               o.oprcode::regproc::text as function,
               'OPERATOR(' || quote_ident(cn.nspname) || '.' || c.oprname || ')' as commutator,
               'OPERATOR(' || quote_ident(gn.nspname) || '.' || g.oprname || ')' as negator,
               case when o.oprrest <> 0 then o.oprrest::regproc::text end as restrict,
               case when o.oprjoin <> 0 then o.oprjoin::regproc::text end as join,
               o.oprcanhash as hashes, o.oprcanmerge as merges
        from pg_operator o
        join pg_namespace n on n.oid = o.oprnamespace
        left join pg_operator c on c.oid = o.oprcom
        left join pg_namespace cn on cn.oid = c.oprnamespace
        left join pg_operator g on g.oid = o.oprnegate
        left join pg_namespace gn on gn.oid = g.oprnamespace
        where o.oprcode <> 0 and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Operator {
        function: Recreate(Breaking, ANEW),
        commutator: Recreate(Breaking, ANEW),
        negator: Recreate(Breaking, ANEW),
        restrict: Alter(estimate),
        join: Alter(estimate),
        hashes: Recreate(Breaking, ANEW),
        merges: Recreate(Breaking, ANEW),
    });

    fn sql(id: &Id) -> String {
        format!("OPERATOR {} ({}, {})", named(id), id.path[2], id.path[3])
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let mut options = vec![format!("FUNCTION = {}", self.function)];
        let argument = |at: usize| if id.path[at] == "NONE" { "" } else { &id.path[at] };
        let texts = [
            ("LEFTARG", argument(2)),
            ("RIGHTARG", argument(3)),
            ("COMMUTATOR", &self.commutator),
            ("NEGATOR", &self.negator),
            ("RESTRICT", &self.restrict),
            ("JOIN", &self.join),
        ];
        let given = texts.iter().filter(|(_, value)| !value.is_empty());
        options.extend(given.map(|(name, value)| format!("{name} = {value}")));
        let claims = [(self.hashes, "HASHES"), (self.merges, "MERGES")];
        options.extend(claims.iter().filter(|(holds, _)| *holds).map(|(_, text)| text.to_string()));
        let sql = format!("CREATE OPERATOR {} (\n    {}\n)", named(id), options.join(",\n    "));
        vec![Step::additive(sql, Lock::None, "a new operator; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that uses the operator fails")]
    }

    fn describe(id: &Id) -> String {
        format!("operator {} ({}, {})", named(id), id.path[2], id.path[3])
    }
}

const ANEW: &str = "of an operator only its estimators can be changed in place";

/// The name of an operator is not quoted: `public.<=`.
fn named(id: &Id) -> String {
    format!("{}.{}", ident(&id.path[0]), id.path[1])
}

fn estimate(edit: &Edit<Operator>) -> Vec<Step> {
    let value =
        |name: &str, value: &str| format!("{name} = {}", if value.is_empty() { "NONE" } else { value });
    let changes: Vec<String> =
        [("RESTRICT", &edit.old.restrict, &edit.new.restrict), ("JOIN", &edit.old.join, &edit.new.join)]
            .into_iter()
            .filter(|(_, old, new)| old != new)
            .map(|(name, _, new)| value(name, new))
            .collect();
    let sql = format!("ALTER {} SET ({})", Operator::sql(edit.id), changes.join(", "));
    vec![Step::additive(sql, Lock::None, "only the planner looks at it")]
}
