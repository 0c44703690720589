//! Publications. Their tables and schemas are objects of their own.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident, literal},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Publication {
    all_tables: bool,
    /// `insert, update, delete, truncate`, in this order.
    publish: String,
    via_root: bool,
    /// Publishes stored generated columns (PostgreSQL 18).
    generated_columns: bool,
}

impl Kind for Publication {
    const NAME: &'static str = "publication";
    const RANK: u8 = 200;
    const ROWS: &'static [&'static str] = &["pg_publication"];
    const QUERY: &'static str = "
        select 'pg_publication'::regclass as class, oid as object, array[pubname] as path,
               puballtables as all_tables,
               concat_ws(', ', case when pubinsert then 'insert' end, case when pubupdate then 'update' end,
                         case when pubdelete then 'delete' end, case when pubtruncate then 'truncate' end) as publish,
               pubgencols = 's' as generated_columns, -- since 18
               pubviaroot as via_root
        from pg_publication";
    const FIELDS: &'static [Field<Self>] = fields!(Publication {
        all_tables: Recreate(
            Breaking,
            "a publication of all tables and one of some cannot become each other"
        ),
        publish: Alter(publish),
        via_root: Alter(via_root),
        generated_columns: Alter(generated_columns),
    });

    fn sql(id: &Id) -> String {
        format!("PUBLICATION {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let mut sql = format!("CREATE {}", Self::sql(id));
        if self.all_tables {
            sql += " FOR ALL TABLES";
        }
        let mut options = Vec::new();
        if self.publish != "insert, update, delete, truncate" {
            options.push(format!("publish = {}", literal(&self.publish)));
        }
        if self.via_root {
            options.push("publish_via_partition_root = true".to_string());
        }
        if self.generated_columns {
            options.push("publish_generated_columns = stored".to_string());
        }
        if !options.is_empty() {
            sql += &format!(" WITH ({})", options.join(", "));
        }
        vec![if self.all_tables && self.needs_identity() {
            let why = "updates and deletes of tables without a replica identity fail from now on";
            Step::data_dependent(sql, Lock::None, why)
        } else {
            Step::additive(sql, Lock::None, "nobody is subscribed to it yet")
        }]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "subscriptions to it fail")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::None, "subscriptions to the old name fail"))
    }

    fn alike(&self, other: &Self) -> bool {
        self == other
    }
}

impl Publication {
    fn needs_identity(&self) -> bool {
        self.publish.contains("update") || self.publish.contains("delete")
    }
}

fn set(edit: &Edit<Publication>, option: String) -> Vec<Step> {
    let sql = format!("ALTER {} SET ({option})", Publication::sql(edit.id));
    vec![Step::data_dependent(sql, Lock::None, "subscribers get other changes from now on")]
}

fn publish(edit: &Edit<Publication>) -> Vec<Step> {
    set(edit, format!("publish = {}", literal(&edit.new.publish)))
}

fn via_root(edit: &Edit<Publication>) -> Vec<Step> {
    set(edit, format!("publish_via_partition_root = {}", edit.new.via_root))
}

fn generated_columns(edit: &Edit<Publication>) -> Vec<Step> {
    let which = if edit.new.generated_columns { "stored" } else { "none" };
    set(edit, format!("publish_generated_columns = {which}"))
}
