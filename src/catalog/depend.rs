//! `pg_depend`: which object needs which, for objects of every kind alike.
//!
//! Much of what PostgreSQL stores belongs to something else: a view's rule, a table's row type, a
//! constraint's index. An address that is no object's own stands for the one it belongs to.

use super::{Id, Map, Object, Set, read::Address, snapshot::Snapshot};
use postgres::{SimpleQueryRow, Transaction};
use std::collections::BTreeMap;

/// The rows of `pg_depend` about what was created after initdb.
pub(super) struct Dependencies {
    rows: Vec<Row>,
    /// What belongs to extensions, without sub-objects.
    members: Set<(u32, u32)>,
    /// Every object that somebody created.
    all: Vec<Address>,
    defaults_class: u32,
    families_class: u32,
}

struct Row {
    of: Address,
    on: Address,
    kind: u8,
}

/// OIDs below are assigned by initdb (PostgreSQL's FirstNormalObjectId). Schema public is one.
const FIRST: u32 = 16384;

/// The OID of pg_class, the same in every PostgreSQL.
const CLASSES: u32 = 1259;

pub(super) fn read(
    snapshot: &mut Snapshot,
    classes: &BTreeMap<String, u32>,
) -> Result<Dependencies, postgres::Error> {
    // Attachment to a parent is an object of its own, so its edge is not the table's; and so is
    // which column owns a sequence, or what goes with an extension ('x'). A foreign key
    // to a partitioned table has a copy for each partition there, which is PostgreSQL's own.
    // A query that reads a function's rows lists all of their columns, which pg_depend does not say. A function needs
    // the transforms of its types that were there before it (ProcedureCreate).
    let rows = snapshot.ask(
        "dependencies",
        "SELECT classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype::text FROM pg_depend d
         WHERE objid >= 16384 AND (refobjid >= 16384 OR refclassid = 'pg_namespace'::regclass)
           AND NOT (classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND objsubid = 0
                    AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = d.objid AND i.inhparent = d.refobjid))
           AND NOT (classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype = 'a'
                    AND EXISTS (SELECT FROM pg_sequence s WHERE s.seqrelid = d.objid))
           AND NOT (classid = 'pg_constraint'::regclass AND refclassid = 'pg_constraint'::regclass
                    AND deptype IN ('P', 'S'))
           AND deptype NOT IN ('P', 'x')
           AND NOT (classid = 'pg_constraint'::regclass
                    AND EXISTS (SELECT FROM pg_constraint k JOIN pg_constraint p ON p.oid = k.conparentid
                                WHERE k.oid = d.objid AND k.contype = 'f' AND k.confrelid <> p.confrelid))
         UNION ALL
         SELECT d.classid, d.objid, d.objsubid, 'pg_class'::regclass::oid, a.attrelid, a.attnum, d.deptype::text
         FROM pg_depend d
         JOIN pg_proc p ON p.oid = d.refobjid
         JOIN pg_type t ON t.oid = p.prorettype
         JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_proc'::regclass AND d.objid >= 16384
         UNION ALL
         SELECT 'pg_proc'::regclass, p.oid, 0, 'pg_transform'::regclass, t.oid, 0, 'n'
         FROM pg_transform t
         JOIN pg_proc p ON p.prolang = t.trflang AND t.trftype IN (SELECT p.prorettype UNION ALL SELECT unnest(p.proargtypes))
         WHERE p.oid >= 16384 AND t.oid >= 16384",
    )?;
    let rows: Vec<Row> = rows
        .iter()
        .map(|row| Row {
            of: address(row, 0),
            on: address(row, 3),
            kind: row.get(6).and_then(|kind| kind.bytes().next()).unwrap_or(b'n'),
        })
        .collect();
    let members = members(&rows);
    let all = snapshot.ask(
        "all",
        "SELECT classid, objid, 0 FROM (
            SELECT 'pg_cast'::regclass::oid AS classid, oid AS objid FROM pg_cast
            UNION ALL SELECT 'pg_collation'::regclass, oid FROM pg_collation
            UNION ALL SELECT 'pg_conversion'::regclass, oid FROM pg_conversion
            UNION ALL SELECT 'pg_event_trigger'::regclass, oid FROM pg_event_trigger
            UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper
            UNION ALL SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
            UNION ALL SELECT 'pg_language'::regclass, oid FROM pg_language
            UNION ALL SELECT 'pg_am'::regclass, oid FROM pg_am
            UNION ALL SELECT 'pg_operator'::regclass, oid FROM pg_operator
            UNION ALL SELECT 'pg_opclass'::regclass, oid FROM pg_opclass
            UNION ALL SELECT 'pg_opfamily'::regclass, oid FROM pg_opfamily
            UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc
            UNION ALL SELECT 'pg_publication'::regclass, oid FROM pg_publication
            UNION ALL SELECT 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext
            UNION ALL SELECT 'pg_transform'::regclass, oid FROM pg_transform
            UNION ALL SELECT 'pg_ts_config'::regclass, oid FROM pg_ts_config
            UNION ALL SELECT 'pg_ts_dict'::regclass, oid FROM pg_ts_dict
            UNION ALL SELECT 'pg_ts_parser'::regclass, oid FROM pg_ts_parser
            UNION ALL SELECT 'pg_ts_template'::regclass, oid FROM pg_ts_template
            UNION ALL SELECT 'pg_user_mapping'::regclass, umid FROM pg_user_mappings
            UNION ALL SELECT 'pg_extension'::regclass, oid FROM pg_extension
            UNION ALL SELECT 'pg_trigger'::regclass, oid FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0
            UNION ALL SELECT 'pg_rewrite'::regclass, oid FROM pg_rewrite WHERE rulename <> '_RETURN'
            UNION ALL SELECT 'pg_policy'::regclass, oid FROM pg_policy
            UNION ALL SELECT 'pg_constraint'::regclass, oid FROM pg_constraint
                      WHERE contype NOT IN ('t', 'n') AND (contype <> 'f' OR conparentid = 0)
            UNION ALL SELECT 'pg_type'::regclass, t.oid FROM pg_type t
                      JOIN pg_namespace n ON n.oid = t.typnamespace
                      WHERE n.nspname !~ '^pg_(toast|temp)' AND (typtype <> 'p' OR NOT typisdefined)
            UNION ALL SELECT 'pg_class'::regclass, c.oid FROM pg_class c
                      JOIN pg_namespace n ON n.oid = c.relnamespace
                      WHERE n.nspname !~ '^pg_(toast|temp)' AND relkind <> 't'
         ) objects
         WHERE objid >= 16384 AND objid <> 0",
    )?;
    let all = all.iter().map(|row| address(row, 0)).collect();
    let (defaults_class, families_class) = (classes["pg_attrdef"], classes["pg_opfamily"]);
    Ok(Dependencies { rows, members, all, defaults_class, families_class })
}

fn address(row: &SimpleQueryRow, at: usize) -> Address {
    let text = |at| row.get(at).unwrap_or_default();
    let number =
        |at| text(at).parse().unwrap_or_else(|_| panic!("pg_depend holds numbers, not {}", text(at)));
    (number(at), number(at + 1), text(at + 2).parse().unwrap_or_default())
}

/// What PostgreSQL calls some objects, sorted.
pub(super) fn names(transaction: &mut Transaction, of: &[Address]) -> Result<Vec<String>, postgres::Error> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let (classes, objects): (Vec<u32>, Vec<u32>) =
        of.iter().map(|(class, object, _)| (*class, *object)).unzip();
    let rows = transaction.query(
        "SELECT concat_ws(' ', i.type, i.identity)
         FROM unnest($1::oid[], $2::oid[]) o (class, object), pg_identify_object(o.class, o.object, 0) i",
        &[&classes, &objects],
    )?;
    let mut names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    names.sort();
    Ok(names)
}

/// What belongs to extensions: their members, and what hangs on their tables.
fn members(rows: &[Row]) -> Set<(u32, u32)> {
    let mut members: Set<(u32, u32)> =
        rows.iter().filter(|row| row.kind == b'e').map(|row| (row.of.0, row.of.1)).collect();
    loop {
        let hangs = |row: &&Row| {
            row.on.0 == CLASSES && matches!(row.kind, b'a' | b'i') && members.contains(&(row.on.0, row.on.1))
        };
        let more: Vec<_> = rows.iter().filter(hangs).map(|row| (row.of.0, row.of.1)).collect();
        let before = members.len();
        members.extend(more);
        if members.len() == before {
            return members;
        }
    }
}

impl Dependencies {
    pub(super) fn belongs_to_extension(&self, (class, object, _): Address) -> bool {
        self.members.contains(&(class, object))
    }

    /// What somebody created and no kind reads.
    pub(super) fn uncovered(&self, resolver: &Resolver) -> Vec<Address> {
        let unknown = |address: &Address| resolver.resolve(*address).is_none();
        self.all.iter().copied().filter(unknown).collect()
    }
}

/// Finds the object that an address stands for.
pub(super) struct Resolver<'a> {
    ids: &'a Map<Address, Id>,
    dependencies: &'a Dependencies,
    part_of: Map<Address, Address>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(ids: &'a Map<Address, Id>, dependencies: &'a Dependencies) -> Self {
        // A default or generation expression belongs to its column, which it hangs on automatically;
        // so does a member of an operator family that is no class's.
        let is_part = |row: &&Row| {
            let whole = row.of.0 == dependencies.defaults_class || row.on.0 == dependencies.families_class;
            matches!(row.kind, b'i' | b'e') || row.kind == b'a' && whole
        };
        // The column comes first: a generation expression hangs on those that it reads as well.
        let mut part_of = Map::default();
        for row in dependencies.rows.iter().filter(is_part) {
            part_of.entry(row.of).or_insert(row.on);
        }
        Resolver { ids, dependencies, part_of }
    }

    pub(super) fn resolve(&self, address: Address) -> Option<&'a Id> {
        let mut address = address;
        // Chains are short: toast index, toast table, table.
        for _ in 0..8 {
            let whole = (address.0, address.1, 0);
            if let Some(id) = self.ids.get(&address).or_else(|| self.ids.get(&whole)) {
                return Some(id);
            }
            address = *self.part_of.get(&address).or_else(|| self.part_of.get(&whole))?;
        }
        None
    }

    /// Adds to every object what `pg_depend` says that it needs and is dropped with.
    pub(super) fn connect(&self, objects: &mut [Object], places: &Set<Id>) {
        for row in &self.dependencies.rows {
            if row.on.1 < FIRST && self.ids.get(&row.on).is_none() {
                continue;
            }
            let (Some(of), Some(on)) = (self.resolve(row.of), self.resolve(row.on)) else { continue };
            if of == on {
                continue;
            }
            let own = self.ids.get(&row.of) == Some(of);
            let Some(object) = places.get_index_of(of).map(|place| &mut objects[place]) else { continue };
            if own && matches!(row.kind, b'a' | b'i') {
                object.dropped_with.insert(on.clone());
            }
            object.needs.insert(on.clone());
        }
    }
}
