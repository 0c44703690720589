//! Views. Their columns are objects of their own, so that comments and defaults have a target.
//!
//! `CREATE OR REPLACE VIEW` takes any query whose columns start with those that are there, and
//! replaces all options by the ones that it states.

use crate::{
    cast::{Fit, fit},
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, Strict, fields},
    sql::{dotted, ident},
    step::{
        Class::{Additive, Breaking},
        Lock, Step,
    },
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    /// `email text pg_catalog."default"`: name, type and collation of each.
    columns: Vec<String>,
    definition: crate::deparsed::Expression,
    /// `security_barrier=true`, `check_option=local`
    options: crate::sql::Options,
}

impl Kind for View {
    const NAME: &'static str = "view";
    const RANK: u8 = 100;
    const STRICT: Strict = Strict::New;
    const ROWS: &'static [&'static str] = &["pg_class.relkind v"];
    const QUERY: &'static str = "
        select 'pg_class'::regclass as class, c.oid as object, array[n.nspname, c.relname] as path,
               a.columns, btrim(pg_get_viewdef(c.oid), E' ;\\n') as definition,
               c.reloptions as options
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        cross join lateral (
            select array_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                                       nullif(a.attcollation, 0)::regcollation) order by a.attnum) as columns
            from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0) a
        where c.relkind = 'v' and c.relpersistence <> 't'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] =
        fields!(View { columns: When(query), definition: When(query), options: When(options) });

    fn sql(id: &Id) -> String {
        format!("VIEW {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = self.statement("CREATE", id);
        vec![Step::additive(sql, Lock::None, "a new view; nothing existing refers to it")]
    }

    fn acts(&self) -> bool {
        true
    }

    fn lists_columns(&self) -> bool {
        self.definition.lists_columns()
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::AccessExclusive, "code that uses the view fails")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::AccessExclusive, "the old name stops working at the same instant"))
    }

    fn slots(&self, id: &Id) -> Vec<Vec<String>> {
        crate::kind::relation_slot(id)
    }
}

impl View {
    fn statement(&self, verb: &str, id: &Id) -> String {
        let options = match crate::sql::options(&self.options) {
            options if options.is_empty() => options,
            options => format!(" WITH ({options})"),
        };
        format!("{verb} {}{options} AS\n{}", Self::sql(id), self.definition)
    }
}

fn query(edit: &Edit<View>) -> Rule<View> {
    if edit.new.columns.starts_with(&edit.old.columns) {
        Alter(replace)
    } else if reads_alike(&edit.old.columns, &edit.new.columns) {
        Recreate(Additive, LONGER)
    } else {
        Recreate(
            Breaking,
            "code that reads the columns that go or change fails: a view only gains some at its end",
        )
    }
}

fn replace(edit: &Edit<View>) -> Vec<Step> {
    let sql = edit.new.statement("CREATE OR REPLACE", edit.id);
    let refuses = edit.old.options != edit.new.options && !harmless(edit);
    vec![match edit.old.columns == edit.new.columns {
        _ if refuses => Step::breaking(sql, Lock::AccessExclusive, REFUSES),
        true => Step::data_dependent(
            sql,
            Lock::AccessExclusive,
            "it keeps its columns; what they show is computed anew",
        ),
        false => {
            Step::additive(sql, Lock::AccessExclusive, "existing statements do not mention the new columns")
        }
    }]
}

fn options(edit: &Edit<View>) -> Rule<View> {
    if edit.old.definition != edit.new.definition || edit.old.columns != edit.new.columns {
        return query(edit);
    }
    Alter(|edit| {
        let view = View::sql(edit.id);
        let steps =
            crate::kind::options_changed(&view, &edit.old.options, &edit.new.options, Lock::AccessExclusive);
        let judged = |step: Step| match harmless(edit) {
            true => step,
            false => Step::breaking(step.sql, step.lock, REFUSES),
        };
        steps.into_iter().map(judged).collect()
    })
}

/// Of columns whose types have other modifiers.
pub(super) const LONGER: &str = "code reads each column as before: its values may only be longer";

/// Does code that reads the columns by name and decodes them go on? Each is `name type collation`.
pub(super) fn reads_alike(old: &[String], new: &[String]) -> bool {
    let alike = |(old, new): (&String, &String)| {
        let ((name, old), (other, new)) = (split(old), split(new));
        let collation = |text: &str| text.rsplit_once(' ').map(|(_, last)| last.to_string());
        let same = collation(old).filter(|last| last.contains('"') && collation(new).as_ref() == Some(last));
        let bare = |text: &str| {
            same.iter().fold(text.to_string(), |text, last| text.replace(&format!(" {last}"), ""))
        };
        name == other && (old == new || matches!(fit(&bare(old), &bare(new), ""), Fit::All | Fit::Some(_)))
    };
    old.len() <= new.len() && old.iter().zip(new).all(alike)
}

/// A column's name, which may be quoted, and the rest.
fn split(column: &str) -> (&str, &str) {
    let mut quoted = false;
    let end = column.find(|character| {
        quoted ^= character == '"';
        character == ' ' && !quoted
    });
    let (name, rest) = column.split_at(end.unwrap_or(column.len()));
    (name, rest.trim_start())
}

const REFUSES: &str = "reads or writes through the view may be refused that were not";

/// A barrier only keeps the planner from looking behind the view's conditions.
fn harmless(edit: &Edit<View>) -> bool {
    let other = |options: &[String]| -> Vec<String> {
        options.iter().filter(|option| !option.starts_with("security_barrier")).cloned().collect()
    };
    other(&edit.old.options) == other(&edit.new.options)
}
