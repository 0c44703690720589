//! What a database holds that code written for it relies on, in one query.
//!
//! Separate from `catalog` because it is read after every statement that is watched: few facts, of
//! all relations at once, by OID, so that a rename is seen as one.

use super::{Names, rows::number};
use crate::{
    diagnostic::Result,
    scratch::{Database, diagnose},
};
use postgres::{Client, SimpleQueryMessage, SimpleQueryRow};
use std::collections::{BTreeMap, BTreeSet};

/// What there is, outside of PostgreSQL's own schemas.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    pub relations: BTreeMap<u32, Relation>,
    /// By relation and number.
    pub columns: BTreeMap<(u32, i16), Column>,
    pub indexes: BTreeMap<u32, Index>,
    pub constraints: BTreeMap<u32, Constraint>,
    /// `public.area(integer, text)`
    pub routines: BTreeSet<String>,
    /// Types that are no table's row: `public.mood`.
    pub types: BTreeSet<String>,
    /// Values of enums: type and label.
    pub labels: BTreeSet<(String, String)>,
    /// On relations: relation, role, privilege.
    pub privileges: BTreeSet<(u32, String, String)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// `public.users`
    pub name: String,
    /// Its schema and its own name, as they are stored.
    pub schema: String,
    pub bare: String,
    /// `pg_class.relkind`
    pub kind: char,
    pub storage: u32,
    /// What it is a partition or a child of.
    pub parents: Vec<u32>,
    /// Row security is on and no policy lets anybody see a row.
    pub hidden: bool,
    /// `pg_class.relreplident`
    pub replica_identity: char,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: String,
    pub type_oid: u32,
    pub type_name: String,
    pub not_null: bool,
    /// An INSERT may leave it out: a default, an identity, or it is generated.
    pub filled: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    pub table: u32,
    pub unique: bool,
    pub valid: bool,
    /// The numbers of its columns.
    pub columns: String,
    /// All that makes it this index and no other.
    pub keys: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    pub table: u32,
    pub name: String,
    /// `pg_constraint.contype`
    pub kind: char,
    pub validated: bool,
}

impl State {
    pub fn read(database: &mut Database) -> Result<State> {
        State::of(&mut database.client).map_err(|error| diagnose(&error, None).into())
    }

    pub(super) fn of(client: &mut Client) -> std::result::Result<State, postgres::Error> {
        let mut state = State::default();
        for message in client.simple_query(QUERY)? {
            if let SimpleQueryMessage::Row(row) = message {
                state.add(&row);
            }
        }
        Ok(state)
    }

    /// Tables, partitioned ones, materialized views and foreign tables that the name, as a statement may write
    /// it, can mean.
    pub fn named(&self, name: &str) -> Option<(u32, &Relation)> {
        self.relations
            .iter()
            .find(|(_, relation)| relation.name == name)
            .map(|(oid, relation)| (*oid, relation))
    }

    pub fn columns_of(&self, relation: u32) -> impl Iterator<Item = (i16, &Column)> {
        self.columns
            .range((relation, 0)..=(relation, i16::MAX))
            .map(|((_, number), column)| (*number, column))
    }

    /// Schema and name of the relations that a text may be about, and of all that only show others' rows.
    pub fn mentioned(&self, text: &str) -> Names {
        let lower = text.to_lowercase();
        let about = |one: &&Relation| "vm".contains(one.kind) || lower.contains(&one.bare.to_lowercase());
        let relations = self.relations.values().filter(|one| "rpfvmS".contains(one.kind));
        relations.filter(about).map(|one| (one.schema.clone(), one.bare.clone())).collect()
    }

    fn add(&mut self, row: &SimpleQueryRow) {
        let text = |at: usize| row.get(at).unwrap_or_default().to_string();
        let letter = |at: usize| row.get(at).and_then(|text| text.chars().next()).unwrap_or(' ');
        let is = |at: usize| row.get(at) == Some("true");
        let oid = || number::<u32>(row.get(1).unwrap_or("0"));
        match letter(0) {
            'r' => {
                let parents = text(8).split_whitespace().map(number).collect();
                let relation = Relation {
                    name: text(3),
                    schema: text(9),
                    bare: text(4),
                    kind: letter(5),
                    storage: number(&text(2)),
                    hidden: is(6),
                    replica_identity: letter(7),
                    parents,
                };
                self.relations.insert(oid(), relation);
            }
            'c' => {
                let column = Column {
                    name: text(3),
                    type_oid: number(&text(4)),
                    type_name: text(5),
                    not_null: is(6),
                    filled: is(7),
                };
                self.columns.insert((oid(), number(&text(2))), column);
            }
            'i' => {
                let index = Index {
                    table: number(&text(2)),
                    unique: is(3),
                    valid: is(4),
                    columns: text(5),
                    keys: text(6),
                };
                self.indexes.insert(oid(), index);
            }
            'k' => {
                let table = number(&text(2));
                let constraint = Constraint { table, name: text(3), kind: letter(4), validated: is(5) };
                self.constraints.insert(oid(), constraint);
            }
            'f' => drop(self.routines.insert(text(3))),
            't' => drop(self.types.insert(text(3))),
            'l' => drop(self.labels.insert((text(3), text(4)))),
            _ => drop(self.privileges.insert((oid(), text(3), text(4)))),
        }
    }
}

/// One row a thing: its letter, an OID, a number, and up to six texts.
const QUERY: &str = "
WITH spaces AS (
    SELECT oid, pg_catalog.quote_ident(nspname) AS name FROM pg_catalog.pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), brought AS (
    SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'
), relations AS (
    SELECT c.*, s.name AS space FROM pg_catalog.pg_class c JOIN spaces s ON s.oid = c.relnamespace
    WHERE c.oid NOT IN (SELECT objid FROM brought WHERE classid = 'pg_catalog.pg_class'::pg_catalog.regclass)
)
SELECT 'r', c.oid, c.relfilenode::bigint, c.space || '.' || pg_catalog.quote_ident(c.relname), c.relname::text, c.relkind::text,
       (c.relrowsecurity AND NOT EXISTS (SELECT FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive))::text,
       c.relreplident::text,
       (SELECT pg_catalog.string_agg(h.inhparent::text, ' ') FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid),
       (SELECT nspname::text FROM pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace)
FROM relations c WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f', 'S', 'i', 'I')
UNION ALL
SELECT 'c', c.oid, a.attnum, a.attname::text, a.atttypid::text, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull::text,
       (a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL)::text, NULL, NULL
FROM relations c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f')
UNION ALL
SELECT 'i', i.indexrelid, i.indrelid::bigint, i.indisunique::text, i.indisvalid::text, i.indkey::text,
       i.indkey::text || ' ' || i.indclass::text || ' ' || coalesce(i.indexprs::text, '') || ' ' || coalesce(i.indpred::text, ''),
       NULL, NULL, NULL
FROM relations c JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
UNION ALL
SELECT 'k', k.oid, k.conrelid::bigint, k.conname::text, k.contype::text, k.convalidated::text, NULL, NULL, NULL, NULL
FROM relations c JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid
UNION ALL
SELECT 'f', p.oid, 0, s.name || '.' || pg_catalog.quote_ident(p.proname) || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')',
       NULL, NULL, NULL, NULL, NULL, NULL
FROM pg_catalog.pg_proc p JOIN spaces s ON s.oid = p.pronamespace
WHERE p.oid NOT IN (SELECT objid FROM brought WHERE classid = 'pg_catalog.pg_proc'::pg_catalog.regclass)
UNION ALL
SELECT 't', t.oid, 0, s.name || '.' || pg_catalog.quote_ident(t.typname), NULL, NULL, NULL, NULL, NULL, NULL
FROM pg_catalog.pg_type t JOIN spaces s ON s.oid = t.typnamespace
WHERE (t.typtype IN ('d', 'e', 'r') OR t.typtype = 'c' AND EXISTS
           (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
      AND t.oid NOT IN (SELECT objid FROM brought WHERE classid = 'pg_catalog.pg_type'::pg_catalog.regclass)
UNION ALL
SELECT 'l', e.oid, 0, s.name || '.' || pg_catalog.quote_ident(t.typname), e.enumlabel::text, NULL, NULL, NULL, NULL, NULL
FROM pg_catalog.pg_enum e JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid JOIN spaces s ON s.oid = t.typnamespace
UNION ALL
SELECT 'p', c.oid, 0, CASE p.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(p.grantee)::text END,
       p.privilege_type, NULL, NULL, NULL, NULL, NULL
FROM relations c CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) p WHERE p.grantee <> c.relowner";
