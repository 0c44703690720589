//! How a constraint comes to a table that people use, and which rows are in its way.
//!
//! Separate because it says in several steps what `create` says in one.

use super::{Constraint, Type, table};
use crate::{
    catalog::Id,
    expand::StandIn,
    kind::Part,
    sql::{AFTER, clipped, dotted, ident, literal},
    step::{Lock, Step},
};

impl Constraint {
    /// First for new rows, then for those that there are, which stops nobody.
    pub(super) fn checked_later(&self, id: &Id, plain: &Step) -> Option<Vec<Step>> {
        if self.not_valid || self.not_enforced || self.relation != "table" {
            return None;
        }
        if self.partitioned && self.r#type == Type::ForeignKey {
            return Some(self.by_partition(id, plain));
        }
        let sql = format!("{} NOT VALID", plain.sql);
        let added = Step { sql, finds: None, ..plain.clone() };
        // It locks two tables, and no transaction should hold on to more.
        let added = if self.r#type == Type::ForeignKey { added.own() } else { added };
        // To be attached, a table must comply with what the parent has.
        let validated = self.validated(id).own();
        let waits = self.parents.is_empty() && !self.partitioned;
        Some(vec![added, if waits { validated.late() } else { validated }])
    }

    /// Before PostgreSQL 18 a foreign key of a partitioned table cannot be NOT VALID; it takes over those that are valid on
    /// its partitions, whatever partitions there are by then.
    fn by_partition(&self, id: &Id, plain: &Step) -> Vec<Step> {
        let name = ident(id.name());
        let definition = plain.sql.split_once(" ADD ").map(|(_, clause)| clause).unwrap_or_default();
        let statement = |text: &str| literal(&format!("ALTER TABLE %s {}", text.replace('%', "%%")));
        let sql = format!(
            "DO $planwright$
DECLARE
    leaf pg_catalog.regclass;
    valid boolean;
BEGIN
    FOR leaf IN SELECT relid FROM pg_catalog.pg_partition_tree({table}) WHERE isleaf LOOP
        SELECT convalidated INTO valid FROM pg_catalog.pg_constraint WHERE conrelid = leaf AND conname = {conname};
        IF valid IS NULL THEN
            EXECUTE pg_catalog.format({add}, leaf);
            COMMIT;
        END IF;
        IF valid IS NOT TRUE THEN
            EXECUTE pg_catalog.format({validate}, leaf);
            COMMIT;
        END IF;
    END LOOP;
END
$planwright$",
            table = literal(&dotted(&id.path[..2])),
            conname = literal(id.name()),
            add = statement(&format!("ADD {definition} NOT VALID")),
            validate = statement(&format!("VALIDATE CONSTRAINT {name}")),
        );
        let each = Step { sql, ..plain.clone() }.outside();
        // The referenced table is locked as well, for a moment.
        let whole = Step { finds: None, lock: Lock::AccessExclusive, ..plain.clone() }.own();
        vec![each, whole]
    }

    /// With an index that was built without stopping anybody.
    pub(super) fn indexed_before(&self, id: &Id, plain: &Step, parts: &[Part]) -> Option<Step> {
        let over = self.definition.contains(" WITHOUT OVERLAPS)");
        if self.partitioned || over || self.relation != "table" {
            return None;
        }
        let (word, columns) = self.key()?;
        let (table, name) = (dotted(&id.path[..2]), ident(id.name()));
        let steps = |index: &str| {
            let mut sql = format!("CREATE UNIQUE INDEX CONCURRENTLY {index} ON {table}{columns}");
            parts
                .iter()
                .for_each(|part| sql += &part.text.replace(" USING INDEX TABLESPACE ", " TABLESPACE "));
            let built = Step { sql, lock: Lock::ShareUpdateExclusive, ..plain.clone() }.outside();
            let timing = self.timing();
            let sql = format!("ALTER TABLE {table} ADD CONSTRAINT {name} {word} USING INDEX {index}{timing}");
            [built, Step { sql, finds: None, ..plain.clone() }]
        };
        // While the one that it takes the place of is there, that has the name; PostgreSQL renames this one then.
        let [built, added] = steps(&ident(&clipped(id.name(), AFTER)));
        let step = plain.clone().online(self.owner(id), steps(&name).to_vec());
        Some(step.together(vec![built.early(), added]))
    }

    /// `UNIQUE`, and the columns as an index says them.
    fn key(&self) -> Option<(&'static str, String)> {
        let word = if self.r#type == Type::PrimaryKey { "PRIMARY KEY" } else { "UNIQUE" };
        let columns = self.definition.strip_prefix(word)?;
        // The index says after its columns what the constraint says before them.
        Some(match columns.strip_prefix(" NULLS NOT DISTINCT") {
            Some(columns) => (word, format!("{columns} NULLS NOT DISTINCT")),
            None => (word, columns.to_string()),
        })
    }

    /// The index, or the foreign key, that does for a twin what this does.
    pub(super) fn stands_in(&self, id: &Id) -> Option<StandIn> {
        let plain = self.relation == "table" && self.parents.is_empty() && !self.partitioned;
        let over = self.definition.contains(" WITHOUT OVERLAPS)") || self.definition.contains(", PERIOD ");
        if !plain || over || self.not_valid || self.not_enforced {
            return None;
        }
        let (table, name) = (dotted(&id.path[..2]), ident(id.name()));
        let after = clipped(id.name(), AFTER);
        let step = |what: String| {
            Step::additive(format!("ALTER TABLE {table} {what}"), Lock::AccessExclusive, "it was made before")
        };
        match self.r#type {
            Type::PrimaryKey | Type::Unique => {
                let (word, columns) = self.key()?;
                let index = ident(&after);
                Some(StandIn {
                    made: Some(format!("CREATE UNIQUE INDEX {index} ON {table}{columns}")),
                    step: step(format!("ADD CONSTRAINT {name} {word} USING INDEX {index}{}", self.timing())),
                    back: step(format!("DROP CONSTRAINT {name}")),
                    id: Id::new("index", [id.path[0].clone(), after]),
                    replaces: true,
                    turn: 1,
                })
            }
            Type::ForeignKey => Some(StandIn {
                made: Some(format!(
                    "ALTER TABLE {table} ADD CONSTRAINT {} {}{}",
                    ident(&after),
                    self.definition,
                    self.timing()
                )),
                step: step(format!("RENAME CONSTRAINT {} TO {name}", ident(&after))),
                back: step(format!("DROP CONSTRAINT {name}")),
                id: Id::new("constraint", id.path[..2].iter().cloned().chain([after])),
                replaces: true,
                turn: 2,
            }),
            Type::Check | Type::Exclusion => None,
        }
    }

    pub(super) fn validated(&self, id: &Id) -> Step {
        let sql = format!("{} VALIDATE CONSTRAINT {}", table(id), ident(id.name()));
        let why = "new rows are checked as before; it fails if an old row does not comply";
        let step = Step::data_dependent(sql, Lock::ShareUpdateExclusive, why);
        self.violations(id).into_iter().fold(step, Step::finds)
    }

    /// The query that finds the rows that it forbids.
    pub(super) fn violations(&self, id: &Id) -> Option<String> {
        let table = dotted(&id.path[..2]);
        // PostgreSQL 18: such a key is about ranges that overlap, not about equal values.
        let ranges = [" WITHOUT OVERLAPS)", ", PERIOD "].iter().any(|words| self.definition.contains(words));
        if ranges && self.r#type != Type::Check {
            return None;
        }
        match self.r#type {
            Type::Check => {
                let (condition, _) = self.definition.strip_prefix("CHECK (")?.rsplit_once(')')?;
                Some(format!("SELECT * FROM {table} WHERE NOT {condition}"))
            }
            Type::PrimaryKey | Type::Unique => {
                let (columns, _) = self.definition.split_once(" (")?.1.split_once(')')?;
                let nulls = self.definition.contains("NULLS NOT DISTINCT");
                let known = if nulls { String::new() } else { format!(" WHERE ({columns}) IS NOT NULL") };
                Some(format!(
                    "SELECT {columns}, count(*) FROM {table}{known} GROUP BY {columns} HAVING count(*) > 1"
                ))
            }
            Type::ForeignKey => {
                let (columns, rest) =
                    self.definition.strip_prefix("FOREIGN KEY (")?.split_once(") REFERENCES ")?;
                let (parent, rest) = rest.split_once('(')?;
                let (keys, _) = rest.split_once(')')?;
                let known = format!("WHERE ({columns}) IS NOT NULL");
                Some(format!("SELECT {columns} FROM {table} {known} EXCEPT SELECT {keys} FROM {parent}"))
            }
            Type::Exclusion => None,
        }
    }
}
