//! Aggregates, ordered-set and hypothetical-set ones among them.
//!
//! PostgreSQL has no function that writes CREATE AGGREGATE, so the query does.

use super::function::{CALLED, RENAMED, keeps_names};
use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{dotted, ident, routine},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Aggregate {
    /// `fraction double precision ORDER BY value anyelement`, `*`
    parameters: String,
    /// The names of its parameters, empty where one has none.
    inputs: Vec<String>,
    result: String,
    /// How many of an ordered-set aggregate's parameters are not aggregated; null for others.
    direct: Option<i64>,
    hypothetical: bool,
    /// `SFUNC = int4pl`, `STYPE = integer`, …
    definition: Vec<String>,
}

impl Kind for Aggregate {
    const NAME: &'static str = "aggregate";
    const RANK: u8 = 84;
    // What is written only when it is not the default: FINALFUNC_MODIFY is READ_ONLY for ordinary
    // aggregates and READ_WRITE for ordered-set ones.
    const ROWS: &'static [&'static str] = &["pg_proc.prokind a"];
    const QUERY: &'static str = "
        select 'pg_proc'::regclass as class, p.oid as object,
               array[n.nspname::text, p.proname, oidvectortypes(p.proargtypes)] as path,
               coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*') as parameters,
               array(select coalesce(p.proargnames[at], '') from generate_series(1, p.pronargs) at) as inputs,
               format_type(p.prorettype, null) as result,
               case when a.aggkind <> 'n' then a.aggnumdirectargs end as direct,
               a.aggkind = 'h' as hypothetical,
               array_remove(array[
                   'SFUNC = ' || a.aggtransfn,
                   'STYPE = ' || format_type(a.aggtranstype, null),
                   'SSPACE = ' || nullif(a.aggtransspace, 0),
                   'FINALFUNC = ' || nullif(a.aggfinalfn::text, '-'),
                   case when a.aggfinalextra then 'FINALFUNC_EXTRA' end,
                   'FINALFUNC_MODIFY = ' || case when a.aggfinalfn <> 0 then f.word end,
                   'COMBINEFUNC = ' || nullif(a.aggcombinefn::text, '-'),
                   'SERIALFUNC = ' || nullif(a.aggserialfn::text, '-'),
                   'DESERIALFUNC = ' || nullif(a.aggdeserialfn::text, '-'),
                   'INITCOND = ' || quote_literal(a.agginitval),
                   'MSFUNC = ' || nullif(a.aggmtransfn::text, '-'),
                   'MINVFUNC = ' || nullif(a.aggminvtransfn::text, '-'),
                   'MSTYPE = ' || case when a.aggmtranstype <> 0 then format_type(a.aggmtranstype, null) end,
                   'MSSPACE = ' || nullif(a.aggmtransspace, 0),
                   'MFINALFUNC = ' || nullif(a.aggmfinalfn::text, '-'),
                   case when a.aggmfinalextra then 'MFINALFUNC_EXTRA' end,
                   'MFINALFUNC_MODIFY = ' || case when a.aggmfinalfn <> 0 then m.word end,
                   'MINITCOND = ' || quote_literal(a.aggminitval),
                   'SORTOP = OPERATOR(' || quote_ident(s.nspname) || '.' || o.oprname || ')',
                   'PARALLEL = ' || case p.proparallel when 's' then 'SAFE' when 'r' then 'RESTRICTED' end
               ], null) as definition
        from pg_aggregate a
        join pg_proc p on p.oid = a.aggfnoid
        join pg_namespace n on n.oid = p.pronamespace
        left join pg_operator o on o.oid = a.aggsortop
        left join pg_namespace s on s.oid = o.oprnamespace
        left join (values ('n', 's', 'SHAREABLE'), ('n', 'w', 'READ_WRITE'), ('o', 'r', 'READ_ONLY'),
                          ('o', 's', 'SHAREABLE'), ('h', 'r', 'READ_ONLY'), ('h', 's', 'SHAREABLE')) f (kind, letter, word)
                  on f.kind = a.aggkind::text and f.letter = a.aggfinalmodify::text
        left join (values ('n', 's', 'SHAREABLE'), ('n', 'w', 'READ_WRITE'), ('o', 'r', 'READ_ONLY'),
                          ('o', 's', 'SHAREABLE'), ('h', 'r', 'READ_ONLY'), ('h', 's', 'SHAREABLE')) m (kind, letter, word)
                  on m.kind = a.aggkind::text and m.letter = a.aggmfinalmodify::text
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Aggregate {
        parameters: Alter(replace),
        inputs: When(inputs),
        result: Recreate(Breaking, "code that reads the result gets another type"),
        direct: Recreate(Breaking, "what is aggregated and what is not must be written otherwise"),
        hypothetical: Recreate(Breaking, "its arguments must be written otherwise"),
        definition: Alter(replace),
    });

    fn sql(id: &Id) -> String {
        // Without ORDER BY, for PostgreSQL only looks at the types.
        let types = if id.path[2].is_empty() { "*" } else { &id.path[2] };
        format!("AGGREGATE {}({types})", dotted(&id.path[..2]))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = self.statement("CREATE", id);
        vec![Step::additive(sql, Lock::None, "a new aggregate; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that calls the aggregate fails")]
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

    fn describe(id: &Id) -> String {
        format!("aggregate {}", routine(&id.path))
    }
}

impl Aggregate {
    fn statement(&self, verb: &str, id: &Id) -> String {
        let hypothetical = self.hypothetical.then_some("HYPOTHETICAL");
        let clauses: Vec<&str> = self.definition.iter().map(String::as_str).chain(hypothetical).collect();
        format!(
            "{verb} AGGREGATE {}({}) (\n    {}\n)",
            dotted(&id.path[..2]),
            self.parameters,
            clauses.join(",\n    ")
        )
    }
}

fn inputs(edit: &Edit<Aggregate>) -> Rule<Aggregate> {
    match keeps_names(&edit.old.inputs, &edit.new.inputs) {
        true => Alter(replace),
        false => Recreate(Breaking, RENAMED),
    }
}

fn replace(edit: &Edit<Aggregate>) -> Vec<Step> {
    vec![Step::data_dependent(edit.new.statement("CREATE OR REPLACE", edit.id), Lock::None, CALLED)]
}
