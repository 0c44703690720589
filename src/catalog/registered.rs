//! What programs make in a database while it runs, as they have registered it there themselves.
//!
//! Apart from the kinds, which read what PostgreSQL registers.

use super::{Object, read::failed};
use crate::{diagnostic::Result, kind, sql};
use postgres::Client;
use std::collections::BTreeSet;

/// Tables that nobody writes into a schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Registered {
    /// Schemas of which all is the program's own.
    pub schemas: BTreeSet<String>,
    /// Tables by schema and name.
    pub tables: BTreeSet<Vec<String>>,
    /// Partitioned tables whose partitions come and go.
    pub parents: BTreeSet<Vec<String>>,
}

/// What is registered in a database: by pg_partman, by pgmq, by Planwright.
///
/// # Errors
///
/// When the role may not read a register.
pub fn registered(client: &mut Client) -> Result<Registered> {
    let mut all = Registered::default();
    for register in REGISTERS {
        let found =
            client.query(FIND, &[&register.table, &register.columns]).map_err(|error| failed(&error))?;
        for schema in found.iter().map(|row| row.get::<_, String>(0)) {
            let table = sql::dotted(&[schema.clone(), register.table.into()]);
            let query = format!("SELECT {} FROM {table} r", register.names);
            let rows = client.query(&query, &[]).map_err(|error| failed(&error))?;
            for names in rows.iter().map(|row| row.get::<_, Vec<Option<String>>>(0)) {
                (register.add)(&mut all, &schema, names.into_iter().flatten().collect());
            }
        }
    }
    Ok(all)
}

impl Registered {
    /// Is the object registered itself?
    pub(super) fn holds(&self, object: &Object) -> bool {
        object.host().is_none()
            && (self.tables.contains(&*object.id.path)
                || kind::of(&object.id).schema(object).is_some_and(|schema| self.schemas.contains(schema)))
    }

    pub fn extend(&mut self, other: Registered) {
        self.schemas.extend(other.schemas);
        self.tables.extend(other.tables);
        self.parents.extend(other.parents);
    }
}

/// The schemas that have a table of this name with these columns.
const FIND: &str = "
    SELECT n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname = $1 AND c.relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT FROM unnest($2::text[]) name
                      WHERE name NOT IN (SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid))
    ORDER BY 1";

struct Register {
    table: &'static str,
    columns: &'static [&'static str],
    /// An array of text of each of its rows, `r`.
    names: &'static str,
    add: fn(&mut Registered, &str, Vec<String>),
}

const REGISTERS: &[Register] = &[
    // pg_partman writes names as schema.table, without quotes.
    Register {
        table: "part_config",
        columns: &["parent_table", "partition_interval"],
        names: "ARRAY[r.parent_table, to_jsonb(r)->>'template_table']::text[]",
        add: |all, _, names| {
            let mut names = names.into_iter().map(|name| name.splitn(2, '.').map(String::from).collect());
            all.parents.extend(names.next());
            all.tables.extend(names);
        },
    },
    Register {
        table: "meta",
        columns: &["queue_name", "is_partitioned"],
        names: "ARRAY['q_' || lower(r.queue_name), 'a_' || lower(r.queue_name)]::text[]",
        add: |all, schema, names| {
            all.tables.extend(names.into_iter().map(|name| vec![schema.to_string(), name]));
        },
    },
    Register {
        table: "trash",
        columns: &["trash_schema", "trash_name", "discarded_at", "purged_at"],
        names: "ARRAY[r.trash_schema]",
        add: |all, _, names| all.schemas.extend(names),
    },
    Register {
        table: "migration",
        columns: &["bundle", "checksum", "statements_done", "tool_version"],
        names: "ARRAY[]::text[]",
        add: |all, schema, _| all.schemas.extend([schema.to_string()]),
    },
];
