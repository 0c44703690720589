//! Indexes, but for those behind constraints. Those of a partitioned table and of its partitions
//! are created one by one, as pg_dump does, and joined by `index_partition`.

use crate::{
    catalog::Id,
    kind::{ALL_NEW, Edit, Field, Kind, Part, Rule, Rule::*, fields, options_changed},
    sql::{dotted, ident},
    step::{
        Class::{Additive, Breaking, DataDependent},
        Lock, Step,
    },
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Index {
    /// `[schema, table]` of the table or materialized view.
    table: Vec<String>,
    /// The kind of that.
    relation: String,
    unique: bool,
    /// The table is partitioned.
    partitioned: bool,
    /// `btree (lower(email)) INCLUDE (id)`
    definition: crate::deparsed::Expression,
    /// The condition of a partial index.
    predicate: crate::deparsed::Expression,
    /// Its build failed: it is not used, and a unique one may be enforced all the same.
    invalid: bool,
    /// `fillfactor=70`
    options: crate::sql::Options,
    tablespace: String,
    /// The statistics targets of its columns that have one: `[position, target]`.
    statistics: Vec<(i64, i64)>,
    /// The path of the index that it is a part of: `[schema, index]`.
    parent: Vec<String>,
    /// A part of it is the index of a constraint, which only CASCADE drops along.
    has_keys: bool,
    /// `[schema, table]` of each partition that has no such index: attaching it would make one.
    lacking: Vec<Vec<String>>,
    /// The columns and expressions that a unique one keeps apart.
    #[serde(skip_serializing)]
    keys: Vec<String>,
    /// NULLs are equal: since PostgreSQL 15.
    #[serde(skip_serializing)]
    nulls_equal: bool,
}

impl Kind for Index {
    const NAME: &'static str = "index";
    const RANK: u8 = 80;
    // pg_get_indexdef has the storage parameters before WHERE, where `head` cuts them out; a line
    // break takes the place of the blank after WHERE. OFFSET 0 keeps PostgreSQL from deparsing each
    // one several times.
    const ROWS: &'static [&'static str] = &["pg_class.relkind i", "pg_class.relkind I"];
    const QUERY: &'static str = "
        select 'pg_class'::regclass as class, x.indexrelid as object, array[n.nspname, c.relname] as path,
               json_build_array(n.nspname, t.relname) as table,
               case t.relkind when 'm' then 'materialized_view' else 'table' end as relation,
               x.indisunique as unique,
               t.relkind = 'p' as partitioned,
               left(d.tail, length(d.tail) - coalesce(length(d.predicate), 0)
                   - case when left(d.predicate, 1) = E'\\n' then 6 when d.predicate <> '' then 7 else 0 end
                   - coalesce(length(d.options), 0)) as definition,
               d.predicate,
               c.relkind = 'i' and not x.indisvalid as invalid,
               c.reloptions as options,
               s.spcname as tablespace,
               d.statistics,
               case when i.inhparent is not null then json_build_array(pn.nspname, p.relname) end as parent,
               exists (select from pg_inherits child
                       join pg_index cx on cx.indexrelid = child.inhrelid
                       join pg_constraint k on k.conrelid = cx.indrelid and k.conindid = cx.indexrelid
                                           and k.contype in ('p', 'u', 'x')
                       where child.inhparent = c.oid and c.relkind = 'I') as has_keys,
               case when c.relkind = 'I' and not x.indisvalid then
                   (select json_agg(json_build_array(ln.nspname, l.relname) order by l.oid)
                    from pg_inherits li
                    join pg_class l on l.oid = li.inhrelid
                    join pg_namespace ln on ln.oid = l.relnamespace
                    where li.inhparent = t.oid and not exists (
                        select from pg_inherits ci join pg_index cx on cx.indexrelid = ci.inhrelid
                        where ci.inhparent = x.indexrelid and cx.indrelid = l.oid))
               end as lacking,
               x.indnullsnotdistinct as nulls_equal, -- since 15
               d.keys
        from pg_index x
        join pg_class c on c.oid = x.indexrelid
        join pg_class t on t.oid = x.indrelid
        join pg_namespace n on n.oid = c.relnamespace
        left join pg_tablespace s on s.oid = c.reltablespace
        left join pg_inherits i on i.inhrelid = c.oid
        left join pg_class p on p.oid = i.inhparent
        left join pg_namespace pn on pn.oid = p.relnamespace
        cross join lateral (
            select substr(pg_get_indexdef(c.oid), 1 + length(
                       'CREATE ' || case when x.indisunique then 'UNIQUE ' else '' end
                       || 'INDEX ' || quote_ident(c.relname) || ' ON '
                       || case when t.relkind = 'p' then 'ONLY ' else '' end
                       || quote_ident(n.nspname) || '.' || quote_ident(t.relname) || ' USING ')) as tail,
                   case when x.indpred is not null then pg_get_expr(x.indpred, x.indrelid) end as predicate,
                   (select ' WITH (' || string_agg(quote_ident(split_part(o, '=', 1)) || '='
                        || case when quote_ident(v) = v then v else quote_literal(v) end, ', ' order by at) || ')'
                    from unnest(c.reloptions) with ordinality u(o, at),
                         substr(o, position('=' in o) + 1) v) as options,
                   case when x.indisunique then (
                       select json_agg(pg_get_indexdef(c.oid, at, false) order by at)
                       from generate_series(1, x.indnkeyatts) at) end as keys,
                   (select json_agg(json_build_array(a.attnum, a.attstattarget) order by a.attnum)
                    from pg_attribute a where a.attrelid = c.oid and a.attstattarget >= 0) as statistics
            offset 0
        ) d
        where c.relkind in ('i', 'I') and c.relpersistence <> 't'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          and not exists (select from pg_constraint k
                          where k.conindid = c.oid and k.conrelid = t.oid and k.contype in ('p', 'u', 'x'))";
    const FIELDS: &'static [Field<Self>] = fields!(Index {
        table: When(|edit| match edit.old.unique {
            true => Recreate(Breaking, "duplicates can be written, and ON CONFLICT with its columns fails"),
            false => Recreate(Additive, "statements do not name indexes"),
        }),
        relation: Apart,
        unique: When(uniqueness),
        partitioned: Apart,
        definition: When(redefined),
        predicate: When(redefined),
        invalid: When(validity),
        options: When(|edit| match edit.old.partitioned {
            true => PARTS_TAKE_THEM,
            false => Alter(|edit| settings(&Index::sql(edit.id), &edit.old.options, &edit.new.options)),
        }),
        tablespace: Alter(|edit| vec![moved(&Index::sql(edit.id), &edit.new.tablespace)]),
        statistics: Alter(|edit| targets(&Index::sql(edit.id), &edit.old.statistics, &edit.new.statistics)),
        parent: Apart,
        has_keys: Apart,
        lacking: Apart,
        keys: Apart,
        nulls_equal: Apart,
    });

    fn sql(id: &Id) -> String {
        format!("INDEX {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, parts: &[Part]) -> Vec<Step> {
        let partitions = !self.lacking.is_empty() || !parts.iter().any(|part| part.slot == ALL_NEW);
        let mut sql = format!(
            "CREATE {}INDEX {} ON {}{} USING {}",
            if self.unique { "UNIQUE " } else { "" },
            ident(id.name()),
            if self.partitioned && partitions { "ONLY " } else { "" },
            dotted(&self.table),
            self.definition
        );
        if !self.options.is_empty() {
            sql += &format!(" WITH ({})", crate::sql::options(&self.options));
        }
        if !self.tablespace.is_empty() {
            sql += &format!(" TABLESPACE {}", ident(&self.tablespace));
        }
        if !self.predicate.is_empty() {
            sql += &format!(" WHERE {}", self.predicate);
        }
        let (class, why) = match self.unique {
            true => (
                DataDependent,
                "code that writes duplicates fails from now on, and it fails at once if there are some",
            ),
            false => (Additive, "statements see no difference, but writers wait for the build"),
        };
        let mut step = Step { class, finds: self.violations(), ..Step::additive(&sql, Lock::Share, why) };
        // PostgreSQL builds that of a partitioned table only for the table alone, which holds no rows.
        if !self.partitioned {
            let sql = sql.replacen("INDEX ", "INDEX CONCURRENTLY ", 1);
            let why = if self.unique { why } else { "statements see no difference" };
            let lock = Lock::ShareUpdateExclusive;
            let built = Step { class, finds: self.violations(), ..Step::additive(sql, lock, why) };
            step = step.online(self.relation(), vec![built.outside()]);
        }
        std::iter::once(step).chain(targets(&Self::sql(id), &[], &self.statistics)).collect()
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let (class, why) = match self.unique {
            true => (Breaking, "duplicates can be written, and ON CONFLICT with its columns fails"),
            false => (Additive, "statements only get slower"),
        };
        let sql = format!("DROP {}{}", Self::sql(id), if self.has_keys { " CASCADE" } else { "" });
        let step = Step { class, ..Step::additive(sql, Lock::AccessExclusive, why) };
        if self.partitioned || !self.parent.is_empty() {
            return vec![step];
        }
        let sql = format!("DROP INDEX CONCURRENTLY {}", dotted(&id.path));
        let dropped = Step { class, ..Step::additive(sql, Lock::ShareUpdateExclusive, why) };
        vec![step.online(self.relation(), vec![dropped.outside()])]
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        let mut needs = vec![self.relation()];
        needs.extend(self.dropped_with(id));
        needs.extend(partitions(&self.lacking));
        needs
    }

    fn dropped_with(&self, _: &Id) -> Vec<Id> {
        part_of(&self.parent).into_iter().collect()
    }

    fn through(&self, _: &Id, host: &Id) -> Vec<Id> {
        let parent = part_of(&self.parent).filter(|parent| parent == host);
        parent.map(|_| Id::new("partition", self.table.iter().cloned())).into_iter().collect()
    }

    fn held_by(&self, _: &Id) -> Vec<Id> {
        part_of(&self.parent).into_iter().collect()
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::additive(sql, Lock::ShareUpdateExclusive, "statements do not name indexes"))
    }

    fn beside(&self, _: &Id) -> Option<Id> {
        (!self.partitioned && self.parent.is_empty()).then(|| self.relation())
    }

    fn can_stand_aside(&self) -> bool {
        // One of plain columns is kept as it is.
        let (_, columns) = self.definition.split_once('(').unwrap_or_default();
        let computed = columns.contains('(') || !self.predicate.is_empty();
        computed && !self.unique && !self.partitioned && self.parent.is_empty()
    }

    fn slots(&self, id: &Id) -> Vec<Vec<String>> {
        crate::kind::relation_slot(id)
    }

    fn alike(&self, other: &Self) -> bool {
        // To drop one partition's index, the indexes of all partitions must go.
        !self.parent.is_empty() && self == other
    }
}

impl Index {
    fn relation(&self) -> Id {
        let of = if self.relation == "materialized_view" { "materialized_view" } else { "table" };
        Id::new(of, self.table.iter().cloned())
    }

    /// The query that finds the rows that a unique one forbids.
    fn violations(&self) -> Option<String> {
        let known = self.keys.iter().filter(|_| !self.nulls_equal).map(|key| format!("{key} IS NOT NULL"));
        let predicate = Some(self.predicate.to_string()).filter(|predicate| !predicate.is_empty());
        let conditions: Vec<String> = predicate.into_iter().chain(known).collect();
        let keys = self.keys.join(", ");
        let only = if conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", conditions.join(" AND "))
        };
        let groups = (1..=self.keys.len()).map(|at| at.to_string()).collect::<Vec<_>>().join(", ");
        let table = dotted(&self.table);
        self.unique.then(|| {
            format!("SELECT {keys}, count(*) FROM {table}{only} GROUP BY {groups} HAVING count(*) > 1")
        })
    }
}

/// The object that takes an index or a key with it: the constraint or index of the parent.
pub(super) fn part_of(parent: &[String]) -> Option<Id> {
    let kind = match parent.len() {
        0 => return None,
        2 => "index",
        _ => "constraint",
    };
    Some(Id::new(kind, parent.iter().cloned()))
}

/// Their places in the partitioned table.
pub(super) fn partitions(tables: &[Vec<String>]) -> impl Iterator<Item = Id> {
    tables.iter().map(|table| Id::new("partition", table.iter().cloned()))
}

/// Those of a partitioned table's index, which partitions to come take over.
const PARTS_TAKE_THEM: Rule<Index> =
    Recreate(Additive, "PostgreSQL does not change storage parameters of a partitioned table's index");

/// Storage parameters that differ.
pub(super) fn settings(sql: &str, old: &[String], new: &[String]) -> Vec<Step> {
    // PostgreSQL lets plans go on while these change, but not while any other does.
    let light =
        |option: &&String| option.starts_with("fillfactor=") || option.starts_with("deduplicate_items=");
    let mut changed = old.iter().filter(|o| !new.contains(o)).chain(new.iter().filter(|o| !old.contains(o)));
    let lock =
        if changed.all(|option| light(&option)) { Lock::ShareUpdateExclusive } else { Lock::AccessExclusive };
    options_changed(sql, old, new, lock)
}

pub(super) fn moved(sql: &str, tablespace: &str) -> Step {
    let tablespace = if tablespace.is_empty() { "pg_default" } else { tablespace };
    let sql = format!("ALTER {sql} SET TABLESPACE {}", ident(tablespace));
    Step::additive(sql, Lock::AccessExclusive, "statements see no difference, but the index is copied")
}

/// Statistics targets that differ; -1 is the default.
pub(super) fn targets(sql: &str, old: &[(i64, i64)], new: &[(i64, i64)]) -> Vec<Step> {
    let gone = old.iter().filter(|(at, _)| !new.iter().any(|(kept, _)| kept == at)).map(|(at, _)| (*at, -1));
    let set = new.iter().filter(|target| !old.contains(target)).copied();
    gone.chain(set)
        .map(|(at, target)| {
            let sql = format!("ALTER {sql} ALTER COLUMN {at} SET STATISTICS {target}");
            Step::additive(sql, Lock::ShareUpdateExclusive, "only the planner looks at it")
        })
        .collect()
}

fn uniqueness(edit: &Edit<Index>) -> Rule<Index> {
    if edit.new.unique {
        Recreate(DataDependent, "code that writes duplicates fails from now on")
    } else {
        Recreate(Breaking, "duplicates can be written, and ON CONFLICT with its columns fails")
    }
}

fn redefined(edit: &Edit<Index>) -> Rule<Index> {
    let keys = |index: &Index| {
        let text = index.definition.split(" NULLS NOT DISTINCT").next().unwrap_or_default();
        let text = text.split(" INCLUDE ").next().unwrap_or_default();
        (text.to_string(), index.predicate.to_string())
    };
    if edit.old.unique && edit.new.unique && keys(edit.old) == keys(edit.new) {
        // Which NULLs are equal and what the index holds besides is not what ON CONFLICT looks at.
        Recreate(DataDependent, "code that writes what counts as a duplicate from now on fails")
    } else if edit.old.unique {
        Recreate(Breaking, "other rows count as duplicates, and ON CONFLICT that relies on it fails")
    } else {
        Recreate(Additive, "statements see no difference, but writers wait for the build")
    }
}

fn validity(edit: &Edit<Index>) -> Rule<Index> {
    if edit.new.invalid {
        return Apart;
    }
    Alter(|edit| {
        let why = "its build failed before, and it is not used until built again";
        let step =
            |how, lock| Step::additive(format!("REINDEX INDEX {how}{}", dotted(&edit.id.path)), lock, why);
        let online = step("CONCURRENTLY ", Lock::ShareUpdateExclusive).outside();
        vec![step("", Lock::Share).online(edit.new.relation(), vec![online])]
    })
}
