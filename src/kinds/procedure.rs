//! Procedures. What PostgreSQL changes in place is as with functions, but the result is given by
//! the output parameters alone, and those are no part of the identity.

use super::function::{
    CALLED, RENAMED, RIGHTS, UNDEFAULTED, keeps_defaults, keeps_names, made, quoted_body, replaced,
    resolved_body,
};
use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{dotted, ident, routine, types},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Procedure {
    /// `id integer`: name and type of each output parameter.
    outputs: Vec<String>,
    /// The names of input parameters, empty where one has none.
    inputs: Vec<String>,
    /// One for each parameter with a default: the default where the parameter's type is
    /// polymorphic, for it fixes the default's type; empty otherwise.
    defaults: Vec<crate::deparsed::Expression>,
    /// Runs with the rights of its owner.
    security_definer: bool,
    /// The whole statement, as `pg_get_functiondef` writes it.
    definition: crate::deparsed::Expression,
}

impl Kind for Procedure {
    const NAME: &'static str = "procedure";
    const RANK: u8 = 82;
    const ROWS: &'static [&'static str] = &["pg_proc.prokind p"];
    const QUERY: &'static str = "
        select 'pg_proc'::regclass as class, p.oid as object,
               array[n.nspname::text, p.proname, oidvectortypes(p.proargtypes)] as path,
               o.columns as outputs, i.names as inputs, i.defaults,
               p.prosecdef as security_definer,
               pg_get_functiondef(p.oid) as definition
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        cross join lateral (
            select array_agg(coalesce(p.proargnames[at], '') order by at) as names,
                   array_agg(case when t.typtype = 'p' then d.text else '' end order by at)
                       filter (where d.text is not null) as defaults
            from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality a (type, at)
            join pg_type t on t.oid = a.type
            cross join lateral pg_get_function_arg_default(p.oid, at::int) d (text)
            where coalesce(p.proargmodes[at], 'i') in ('i', 'b', 'v')) i
        cross join lateral (
            select array_agg(concat_ws(' ', quote_ident(p.proargnames[at]), format_type(a.type, null)) order by at)
                       as columns
            from unnest(p.proallargtypes) with ordinality a (type, at)
            where p.proargmodes[at] in ('o', 'b')) o
        where p.prokind = 'p' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Procedure {
        outputs: Recreate(Breaking, "code that reads the output parameters gets others"),
        inputs: When(inputs),
        defaults: When(defaults),
        security_definer: Alter(replace),
        definition: Alter(replace),
    });

    fn sql(id: &Id) -> String {
        // Without IN, a list of types can also mean another procedure's parameters with outputs.
        let inputs: Vec<String> = types(&id.path[2]).iter().map(|name| format!("IN {name}")).collect();
        format!("PROCEDURE {}({})", dotted(&id.path[..2]), inputs.join(", "))
    }

    fn create(&self, _: &Id, _: &[Part]) -> Vec<Step> {
        vec![Step::additive(
            made(&self.definition),
            Lock::None,
            "a new procedure; nothing existing refers to it",
        )]
    }

    fn lists_columns(&self) -> bool {
        self.definition.lists_columns()
    }

    // As a function.
    fn lets_go(&self, need: &Id) -> bool {
        need.kind != "transform"
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that calls the procedure fails")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::None, "the old name stops working at the same instant"))
    }

    fn name_at(_: &Id) -> usize {
        1
    }

    fn slots(&self, id: &Id) -> Vec<Vec<String>> {
        crate::kind::routine_slot(id)
    }

    fn mentions(&self) -> Option<&str> {
        quoted_body(&self.definition)
    }

    fn resolved(&self) -> Option<&str> {
        resolved_body(&self.definition)
    }

    fn describe(id: &Id) -> String {
        format!("procedure {}", routine(&id.path))
    }
}

fn inputs(edit: &Edit<Procedure>) -> Rule<Procedure> {
    match keeps_names(&edit.old.inputs, &edit.new.inputs) {
        true => Alter(replace),
        false => Recreate(Breaking, RENAMED),
    }
}

fn defaults(edit: &Edit<Procedure>) -> Rule<Procedure> {
    match keeps_defaults(&edit.old.defaults, &edit.new.defaults) {
        true => Alter(replace),
        false => Recreate(Breaking, UNDEFAULTED),
    }
}

fn replace(edit: &Edit<Procedure>) -> Vec<Step> {
    let sql = replaced(&edit.new.definition);
    vec![match edit.old.security_definer == edit.new.security_definer {
        true => Step::data_dependent(sql, Lock::None, CALLED),
        false => Step::breaking(sql, Lock::None, RIGHTS),
    }]
}
