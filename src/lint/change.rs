//! What a file takes away of what there was before it: names that code uses, values, rows, rights.
//!
//! Separate from rules because statements that undo each other take nothing away: only what is
//! still gone when the file ends is told, at the statement that it began with.

use crate::prove::{Relation, State};
use std::collections::BTreeSet;

/// One thing that was there and is not any more; names as they were before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// A table with its rows.
    TableDropped {
        table: String,
    },
    /// A column with its values.
    ColumnDropped {
        table: String,
        column: String,
    },
    /// A relation has another name, and nothing has the old one.
    Renamed {
        from: String,
        to: String,
    },
    ColumnRenamed {
        table: String,
        from: String,
        to: String,
    },
    /// A view, or a column of it; the column is empty where all of it is gone.
    ViewGone {
        view: String,
        column: String,
    },
    SequenceGone {
        sequence: String,
    },
    RoutineGone {
        routine: String,
    },
    TypeGone {
        r#type: String,
    },
    LabelGone {
        r#type: String,
        label: String,
    },
    /// A new column that every INSERT has to fill.
    ColumnRequired {
        table: String,
        column: String,
    },
    /// A column that must be filled has no default any more.
    DefaultDropped {
        table: String,
        column: String,
    },
    /// A column is of another type, as drivers see it.
    TypeChanged {
        table: String,
        column: String,
        from: String,
        to: String,
    },
    /// A new column of a type that has no equality.
    Json {
        table: String,
        column: String,
    },
    /// Nothing keeps these columns unique any more.
    UniqueGone {
        table: String,
        index: String,
    },
    /// Row security is on, and nobody sees a row.
    Hidden {
        table: String,
    },
    PrivilegeGone {
        relation: String,
        role: String,
        privilege: String,
    },
    /// UPDATE and DELETE of a published table say no longer which row.
    Unidentified {
        table: String,
    },
}

const JSON: u32 = 114;

/// Types that clients read as text, whichever of them it is.
const TEXTS: &[u32] = &[25, 1042, 1043, 19];

/// What is gone or in the way in the second state.
pub fn changes(before: &State, now: &State) -> BTreeSet<Change> {
    let mut found = BTreeSet::new();
    for (&oid, relation) in &before.relations {
        let name = relation.name.clone();
        match relation.kind {
            'r' | 'p' | 'f' => table(before, now, oid, relation, &mut found),
            'v' | 'm' => view(before, now, oid, relation, &mut found),
            'S' if now.named(&name).is_none() => match now.relations.get(&oid) {
                Some(renamed) => drop(found.insert(Change::Renamed { from: name, to: renamed.name.clone() })),
                // One that a column owns goes with its table, which is told.
                None => drop(found.insert(Change::SequenceGone { sequence: name })),
            },
            _ => {}
        }
    }
    let owned = found
        .iter()
        .any(|change| matches!(change, Change::TableDropped { .. } | Change::ColumnDropped { .. }));
    found.retain(|change| !owned || !matches!(change, Change::SequenceGone { .. }));
    indexes(before, now, &mut found);
    let routines = before.routines.difference(&now.routines).cloned();
    found.extend(routines.map(|routine| Change::RoutineGone { routine }));
    let gone: BTreeSet<&String> = before.types.difference(&now.types).collect();
    for (r#type, label) in before.labels.difference(&now.labels).filter(|(r#type, _)| !gone.contains(r#type))
    {
        found.insert(Change::LabelGone { r#type: r#type.clone(), label: label.clone() });
    }
    found.extend(gone.into_iter().map(|r#type| Change::TypeGone { r#type: r#type.clone() }));
    for (oid, role, privilege) in before.privileges.difference(&now.privileges) {
        if now.relations.contains_key(oid) {
            let relation = before.relations[oid].name.clone();
            found.insert(Change::PrivilegeGone {
                relation,
                role: role.clone(),
                privilege: privilege.clone(),
            });
        }
    }
    found
}

fn table(before: &State, now: &State, oid: u32, relation: &Relation, found: &mut BTreeSet<Change>) {
    let table = || relation.name.clone();
    let Some(after) = now.relations.get(&oid) else {
        found.insert(Change::TableDropped { table: table() });
        return;
    };
    // Whatever has the name now is what running code meets.
    let met = now.named(&relation.name).map(|(met, _)| met);
    if met.is_none() {
        found.insert(Change::Renamed { from: table(), to: after.name.clone() });
    }
    for (number, column) in before.columns_of(oid) {
        let name = || column.name.clone();
        let meets = met.is_some_and(|met| now.columns_of(met).any(|(_, other)| other.name == column.name));
        let Some(other) = now.columns.get(&(oid, number)) else {
            found.insert(Change::ColumnDropped { table: table(), column: name() });
            continue;
        };
        if met.is_some() && !meets {
            found.insert(Change::ColumnRenamed { table: table(), from: name(), to: other.name.clone() });
        }
        if other.not_null && !other.filled && column.filled && other.name == column.name {
            found.insert(Change::DefaultDropped { table: table(), column: name() });
        }
        let texts = |oid: u32| TEXTS.contains(&oid);
        if other.type_oid != column.type_oid && !(texts(other.type_oid) && texts(column.type_oid)) {
            let (from, to) = (column.type_name.clone(), other.type_name.clone());
            found.insert(Change::TypeChanged { table: table(), column: name(), from, to });
        }
    }
    for (number, column) in
        now.columns_of(oid).filter(|(number, _)| !before.columns.contains_key(&(oid, *number)))
    {
        let _ = number;
        if column.not_null && !column.filled {
            found.insert(Change::ColumnRequired { table: table(), column: column.name.clone() });
        }
        if column.type_oid == JSON {
            found.insert(Change::Json { table: table(), column: column.name.clone() });
        }
    }
    if after.hidden && !relation.hidden {
        found.insert(Change::Hidden { table: table() });
    }
    if after.replica_identity == 'n' && relation.replica_identity != 'n' {
        found.insert(Change::Unidentified { table: table() });
    }
}

fn view(before: &State, now: &State, oid: u32, relation: &Relation, found: &mut BTreeSet<Change>) {
    let view = || relation.name.clone();
    let Some((met, _)) = now.named(&relation.name) else {
        found.insert(match now.relations.get(&oid) {
            Some(renamed) => Change::Renamed { from: view(), to: renamed.name.clone() },
            None => Change::ViewGone { view: view(), column: String::new() },
        });
        return;
    };
    for (_, column) in before.columns_of(oid) {
        if !now.columns_of(met).any(|(_, other)| other.name == column.name) {
            found.insert(Change::ViewGone { view: view(), column: column.name.clone() });
        }
    }
}

fn indexes(before: &State, now: &State, found: &mut BTreeSet<Change>) {
    for (oid, index) in
        before.indexes.iter().filter(|(oid, index)| index.unique && !now.indexes.contains_key(oid))
    {
        let Some(table) = now.relations.get(&index.table) else { continue };
        let same = |other: &crate::prove::Index| {
            other.unique && other.table == index.table && other.keys == index.keys
        };
        // A column that was dropped took its index along, and is told.
        let columns = index.columns.split_whitespace().filter_map(|number| number.parse::<i16>().ok());
        let mut columns = columns.filter(|number| *number > 0);
        let whole = columns.all(|number| now.columns.contains_key(&(index.table, number)));
        if whole && !now.indexes.values().any(same) {
            let (table, index) = (table.name.clone(), before.relations[oid].name.clone());
            found.insert(Change::UniqueGone { table, index });
        }
    }
}
