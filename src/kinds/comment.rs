//! `COMMENT ON` anything: one kind for the whole catalog, not one for each kind.

use crate::{
    catalog::Id,
    kind::{self, Edit, Field, Kind, Part, Rule::*, Strict, fields},
    sql::literal,
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Comment {
    text: String,
}

impl Kind for Comment {
    const NAME: &'static str = "comment";
    const RANK: u8 = 240;
    const STRICT: Strict = Strict::Always;
    const QUERY: &'static str = "
        select classoid as target_class, objoid as target_object, objsubid as target_sub, description as text
        from pg_description
        where objoid >= 16384 or classoid = 'pg_namespace'::regclass";
    const FIELDS: &'static [Field<Self>] = fields!(Comment { text: Alter(set) });

    fn sql(id: &Id) -> String {
        kind::target(id, 0).map_or_else(String::new, |target| kind::of(&target).sql(&target))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        vec![comment(id, &literal(&self.text))]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        vec![comment(id, "NULL")]
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        kind::target(id, 0).into_iter().collect()
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        kind::target(id, 0).into_iter().collect()
    }

    fn describe(id: &Id) -> String {
        kind::target(id, 0).map_or_else(String::new, |target| format!("comment on {target}"))
    }
}

fn comment(id: &Id, text: &str) -> Step {
    let sql = format!("COMMENT ON {} IS {text}", Comment::sql(id));
    const LOCKED: &[&str] = &[
        "column",
        "foreign_table",
        "index",
        "materialized_view",
        "sequence",
        "table",
        "view",
        "view_column",
    ];
    let lock = if LOCKED.contains(&id.path[0].as_str()) { Lock::ShareUpdateExclusive } else { Lock::None };
    Step::additive(sql, lock, "nothing but people reads it")
}

fn set(edit: &Edit<Comment>) -> Vec<Step> {
    edit.new.create(edit.id, &[])
}
