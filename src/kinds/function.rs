//! Functions, window functions among them.
//!
//! `CREATE OR REPLACE FUNCTION` changes all but the type of the result, the names of input
//! parameters, and whether it is a window function; and it can add defaults, but not remove any.

use crate::{
    catalog::Id,
    deparsed::Expression,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{ident, routine},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Function {
    window: bool,
    /// `SETOF record (id integer, email text)`
    result: String,
    /// The names of input parameters, empty where one has none.
    inputs: Vec<String>,
    /// One for each parameter with a default: the default where the parameter's type is
    /// polymorphic, for it fixes the default's type; empty otherwise.
    defaults: Vec<Expression>,
    /// Runs with the rights of its owner.
    security_definer: bool,
    /// The whole statement, as `pg_get_functiondef` writes it.
    definition: Expression,
}

impl Kind for Function {
    const NAME: &'static str = "function";
    const RANK: u8 = 80;
    // Functions that CREATE TYPE makes hang on the type internally.
    const ROWS: &'static [&'static str] = &["pg_proc.prokind f", "pg_proc.prokind w"];
    const QUERY: &'static str = "
        select 'pg_proc'::regclass as class, p.oid as object,
               array[n.nspname::text, p.proname, oidvectortypes(p.proargtypes)] as path,
               p.prokind = 'w' as window,
               concat(case when p.proretset then 'SETOF ' end, format_type(p.prorettype, null),
                      case when p.prorettype = 'record'::regtype then o.columns end) as result,
               i.names as inputs, i.defaults,
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
            select ' (' || string_agg(concat_ws(' ', quote_ident(p.proargnames[at]), format_type(a.type, null)),
                                      ', ' order by at) || ')' as columns
            from unnest(p.proallargtypes) with ordinality a (type, at)
            where p.proargmodes[at] in ('o', 'b', 't')) o
        where p.prokind in ('f', 'w')
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          and not exists (select from pg_depend d
                          where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')";
    const FIELDS: &'static [Field<Self>] = fields!(Function {
        window: Recreate(
            Breaking,
            "a window function and an ordinary one do not replace each other in place"
        ),
        result: Recreate(Breaking, "code that reads the result gets another type"),
        inputs: When(inputs),
        defaults: When(defaults),
        security_definer: Alter(replace),
        definition: Alter(replace),
    });

    fn sql(id: &Id) -> String {
        format!("FUNCTION {}", routine(&id.path))
    }

    fn create(&self, _: &Id, _: &[Part]) -> Vec<Step> {
        vec![Step::additive(
            made(&self.definition),
            Lock::None,
            "a new function; nothing existing refers to it",
        )]
    }

    fn lists_columns(&self) -> bool {
        self.definition.lists_columns()
    }

    // PostgreSQL finds the transforms of its types each time that it is replaced.
    fn lets_go(&self, need: &Id) -> bool {
        need.kind != "transform"
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that calls the function fails")]
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
        format!("function {}", routine(&id.path))
    }
}

/// The statement as PostgreSQL writes it, for a routine that is there.
pub(super) fn replaced(definition: &str) -> &str {
    definition.strip_suffix('\n').unwrap_or(definition)
}

/// The statement for a routine that is not there yet: one that is must not vanish unseen.
pub(super) fn made(definition: &str) -> String {
    replaced(definition).replacen("CREATE OR REPLACE ", "CREATE ", 1)
}

/// What PostgreSQL does not look into. It does record what a `BEGIN ATOMIC` body uses.
pub(super) fn quoted_body(definition: &str) -> Option<&str> {
    definition.split_once("\nAS ").map(|(_, body)| body)
}

/// What of that CREATE FUNCTION looks up all the same, while it checks bodies: all of an SQL body, and
/// of one in PL/pgSQL the types of its variables.
pub(super) fn resolved_body(definition: &str) -> Option<&str> {
    let (head, body) = definition.split_once("\nAS ")?;
    let language = head.lines().rev().find_map(|line| line.trim_start().strip_prefix("LANGUAGE "))?;
    match language.split(' ').next()? {
        "sql" => Some(body),
        "plpgsql" => Some(&body[..body.to_ascii_lowercase().find("begin").unwrap_or(body.len())]),
        _ => None,
    }
}

/// Can parameters be given these names in place? Only one without a name can get one.
pub(super) fn keeps_names(old: &[String], new: &[String]) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.is_empty() || old == new)
}

/// Are the defaults that are there still there? Those of the last parameters come first.
pub(super) fn keeps_defaults(old: &[Expression], new: &[Expression]) -> bool {
    old.len() <= new.len()
        && old.iter().rev().zip(new.iter().rev()).all(|(old, new)| old.is_empty() || old == new)
}

pub(super) const RENAMED: &str = "calls that name the parameter fail";
pub(super) const UNDEFAULTED: &str = "calls that omit the parameter fail";
pub(super) const CALLED: &str = "running code calls it as before, and gets what it does from now on";
pub(super) const RIGHTS: &str = "it runs with the rights of somebody else, who may lack some";

fn inputs(edit: &Edit<Function>) -> Rule<Function> {
    match keeps_names(&edit.old.inputs, &edit.new.inputs) {
        true => Alter(replace),
        false => Recreate(Breaking, RENAMED),
    }
}

fn defaults(edit: &Edit<Function>) -> Rule<Function> {
    match keeps_defaults(&edit.old.defaults, &edit.new.defaults) {
        true => Alter(replace),
        false => Recreate(Breaking, UNDEFAULTED),
    }
}

fn replace(edit: &Edit<Function>) -> Vec<Step> {
    let sql = replaced(&edit.new.definition);
    vec![match edit.old.security_definer == edit.new.security_definer {
        true => Step::data_dependent(sql, Lock::None, CALLED),
        false => Step::breaking(sql, Lock::None, RIGHTS),
    }]
}
