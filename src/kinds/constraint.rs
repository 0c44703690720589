//! Constraints of tables and foreign tables: keys, checks, foreign keys and exclusions. NOT NULL
//! is an attribute of the column, and a domain's checks are objects of their own.
//!
//! A check of a parent comes to its children by itself, as a foreign key of a partitioned table
//! does; keys do not, because the index of each partition is made by itself. What PostgreSQL adds
//! for the partitions of a *referenced* table is no object.

mod online;

use super::{
    index::{part_of, partitions},
    inheritance::links,
};
use crate::{
    catalog::Id,
    expand::StandIn,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{dotted, ident},
    step::{
        Class::{Additive, Breaking, DataDependent},
        Lock, Step,
    },
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Constraint {
    /// The kind of what it is a constraint of: `table` or `foreign_table`.
    relation: String,
    r#type: Type,
    /// `FOREIGN KEY (a) REFERENCES public.b(id) ON DELETE CASCADE`
    definition: crate::deparsed::Expression,
    /// The condition of a partial exclusion.
    predicate: crate::deparsed::Expression,
    deferrable: bool,
    initially_deferred: bool,
    not_valid: bool,
    /// PostgreSQL 18.
    not_enforced: bool,
    /// The table is partitioned.
    partitioned: bool,
    /// Not made for its table: it is there because a parent has it.
    inherited: bool,
    /// The parent is a partitioned table, to which the table is attached when it has all checks.
    attached: bool,
    /// The paths of the constraints (of an index, if it is that) of parents that it goes with.
    parents: Vec<Vec<String>>,
    /// `[schema, table]` of each partition that has no such index: attaching it would make one.
    lacking: Vec<Vec<String>>,
    /// The kind and the path of each key of the same columns as the one that a foreign key relies on: which of them
    /// that is, PostgreSQL chose, and on another database it may be another.
    other_keys: Vec<Vec<String>>,
    /// Another key of the table has the same columns: one CREATE TABLE with both makes only that.
    twin: bool,
}

#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Type {
    PrimaryKey,
    Unique,
    #[default]
    Check,
    ForeignKey,
    Exclusion,
}

impl Kind for Constraint {
    const NAME: &'static str = "constraint";
    const RANK: u8 = 70;
    // OFFSET 0 keeps PostgreSQL from deparsing each one several times. Texts, not names, are compared so that no index on names finds all partitions' checks of that
    // name. Only a foreign key that was declared, or its copy on a partition, references what was
    // written; the other copies reference the partitions of that.
    const ROWS: &'static [&'static str] = &[
        "pg_constraint.contype p",
        "pg_constraint.contype u",
        "pg_constraint.contype c",
        "pg_constraint.contype x",
        "pg_constraint.contype f",
    ];
    const QUERY: &'static str = "
        with recursive declared as (
            select oid, conrelid, confrelid from pg_constraint where contype = 'f' and conparentid = 0
            union all
            select k.oid, k.conrelid, k.confrelid
            from declared d
            join pg_constraint k on k.conparentid = d.oid and k.confrelid = d.confrelid and k.conrelid <> d.conrelid
        )
        select 'pg_constraint'::regclass as class, k.oid as object,
               array[n.nspname, c.relname, k.conname] as path,
               case when c.relkind = 'f' then 'foreign_table' else 'table' end as relation,
               case k.contype when 'p' then 'primary_key' when 'u' then 'unique' when 'c' then 'check'
                    when 'f' then 'foreign_key' else 'exclusion' end as type,
               left(d.body, length(d.body) - coalesce(length(d.predicate) + 9, 0)
                   - coalesce(length(d.options), 0)) as definition,
               d.predicate,
               k.condeferrable as deferrable,
               k.condeferred as initially_deferred,
               not k.convalidated as not_valid, -- before 18
               not k.convalidated and k.conenforced as not_valid, -- since 18
               not k.conenforced as not_enforced, -- since 18
               c.relkind = 'p' as partitioned,
               case k.contype when 'c' then k.coninhcount > 0 and not k.conislocal
                    when 'f' then k.conparentid <> 0 end as inherited,
               k.coninhcount > 0 and c.relispartition as attached,
               case
                   when k.coninhcount = 0 and not c.relispartition then null
                   when k.contype = 'c' then
                       (select json_agg(json_build_array(pn.nspname, pc.relname, k.conname) order by i.inhseqno)
                        from pg_inherits i
                        join pg_class pc on pc.oid = i.inhparent
                        join pg_namespace pn on pn.oid = pc.relnamespace
                        join pg_constraint pk on pk.conrelid = pc.oid and pk.conname::text = k.conname::text
                                             and pk.contype = 'c' and not pk.connoinherit
                        where i.inhrelid = k.conrelid and k.coninhcount > 0)
                   when k.contype = 'f' then
                       (select json_build_array(json_build_array(pn.nspname, pc.relname, pk.conname))
                        from pg_constraint pk
                        join pg_class pc on pc.oid = pk.conrelid
                        join pg_namespace pn on pn.oid = pc.relnamespace
                        where pk.oid = k.conparentid)
                   else
                       (select json_build_array(case when pk.oid is null then json_build_array(pn.nspname, p.relname)
                                   else json_build_array(pn.nspname, pt.relname, pk.conname) end)
                        from pg_inherits i
                        join pg_class p on p.oid = i.inhparent
                        join pg_namespace pn on pn.oid = p.relnamespace
                        join pg_index px on px.indexrelid = p.oid
                        join pg_class pt on pt.oid = px.indrelid
                        left join pg_constraint pk on pk.conindid = p.oid and pk.conrelid = pt.oid
                                                  and pk.contype in ('p', 'u', 'x')
                        where i.inhrelid = k.conindid)
               end as parents,
               case when c.relkind = 'p' and not x.indisvalid then
                   (select json_agg(json_build_array(ln.nspname, l.relname) order by l.oid)
                    from pg_inherits li
                    join pg_class l on l.oid = li.inhrelid
                    join pg_namespace ln on ln.oid = l.relnamespace
                    where li.inhparent = c.oid and not exists (
                        select from pg_inherits ci join pg_index cx on cx.indexrelid = ci.inhrelid
                        where ci.inhparent = x.indexrelid and cx.indrelid = l.oid))
               end as lacking,
               case when k.contype = 'f' then
                   (select json_agg(case when uk.oid is null then json_build_array('index', un.nspname, uc.relname)
                               else json_build_array('constraint', n2.nspname, c2.relname, uk.conname) end
                               order by uc.relname collate \"C\")
                    from pg_index u
                    join pg_class uc on uc.oid = u.indexrelid
                    join pg_namespace un on un.oid = uc.relnamespace
                    join pg_class c2 on c2.oid = u.indrelid
                    join pg_namespace n2 on n2.oid = c2.relnamespace
                    left join pg_constraint uk on uk.conindid = u.indexrelid and uk.conrelid = u.indrelid
                                              and uk.contype in ('p', 'u')
                    where u.indrelid = k.confrelid and u.indexrelid <> k.conindid and u.indisunique
                      and u.indimmediate and u.indpred is null and u.indexprs is null
                      and u.indnkeyatts = cardinality(k.confkey)
                      and array(select a from unnest(k.confkey) a order by a)
                        = array(select u.indkey[at] from generate_series(0, u.indnkeyatts - 1) at order by 1))
               end as other_keys,
               x.indexrelid is not null and exists (
                   select from pg_constraint t
                   join pg_index tx on tx.indexrelid = t.conindid
                   where t.conrelid = k.conrelid and t.contype in ('p', 'u', 'x')
                     and (t.contype <> 'p', t.conname::text collate \"C\") < (k.contype <> 'p', k.conname::text collate \"C\")
                     and tx.indnkeyatts = x.indnkeyatts and tx.indkey::text = x.indkey::text) as twin
        from pg_constraint k
        join pg_class c on c.oid = k.conrelid
        join pg_namespace n on n.oid = c.relnamespace
        left join pg_index x on x.indexrelid = k.conindid and k.contype in ('p', 'u', 'x')
        left join pg_class xc on xc.oid = x.indexrelid and k.contype = 'x'
        cross join lateral (
            select regexp_replace(pg_get_constraintdef(k.oid),
                       '( DEFERRABLE)?( INITIALLY DEFERRED)?( NOT ENFORCED)?( NOT VALID)?$', '') as body,
                   case when x.indpred is not null then pg_get_expr(x.indpred, x.indrelid) end as predicate,
                   (select ' WITH (' || string_agg(quote_ident(split_part(o, '=', 1)) || '='
                        || case when quote_ident(v) = v then v else quote_literal(v) end, ', ' order by at) || ')'
                    from unnest(xc.reloptions) with ordinality u(o, at),
                         substr(o, position('=' in o) + 1) v) as options
            offset 0
        ) d
        where k.contype in ('p', 'u', 'c', 'x', 'f') and c.relkind in ('r', 'p', 'f') and c.relpersistence <> 't'
          and (k.contype <> 'f' or k.oid in (select oid from declared))
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Constraint {
        relation: Apart,
        r#type: Recreate(Breaking, "a constraint of another kind takes the name"),
        definition: When(redefined),
        predicate: Recreate(DataDependent, "code that writes rows that it forbids fails from now on"),
        deferrable: When(deferral),
        initially_deferred: When(deferral),
        not_valid: When(validity),
        not_enforced: When(enforcement),
        partitioned: Apart,
        inherited: Apart,
        attached: Apart,
        parents: Apart,
        lacking: Apart,
        other_keys: Apart,
        twin: Apart,
    });

    fn sql(id: &Id) -> String {
        format!("CONSTRAINT {} ON {}", ident(id.name()), dotted(&id.path[..2]))
    }

    fn create(&self, id: &Id, parts: &[Part]) -> Vec<Step> {
        let mut sql = format!("ALTER TABLE {}{} ADD ", self.only(), dotted(&id.path[..2]));
        sql += &self.clause(id, parts);
        if self.not_valid {
            sql += " NOT VALID";
        }
        let (lock, why) = match self.r#type {
            Type::ForeignKey => (
                Lock::ShareRowExclusive,
                "code that writes rows without what they reference fails, and so does deleting what is referenced",
            ),
            Type::Check => (Lock::AccessExclusive, "code that writes rows that it forbids fails from now on"),
            _ => (
                Lock::AccessExclusive,
                "code that writes duplicates fails from now on, and it fails at once if there are some",
            ),
        };
        if self.not_enforced {
            return vec![Step::additive(sql, lock, "nothing is checked by it")];
        }
        let step = self.violations(id).into_iter().fold(Step::data_dependent(&sql, lock, why), Step::finds);
        let online = match self.r#type {
            Type::Check | Type::ForeignKey => {
                self.checked_later(id, &step).map(|steps| step.clone().online(self.owner(id), steps))
            }
            Type::PrimaryKey | Type::Unique => self.indexed_before(id, &step, parts),
            Type::Exclusion => None,
        };
        vec![online.unwrap_or(step)]
    }

    fn defers(&self) -> bool {
        self.initially_deferred
    }

    fn lets_go(&self, _: &Id) -> bool {
        false
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        vec![self.dropped(id, "")]
    }

    fn drop_only(&self, id: &Id) -> Option<Vec<Step>> {
        // PostgreSQL refuses to drop one from only the partitioned table.
        (!self.partitioned).then(|| vec![self.dropped(id, "ONLY ")])
    }

    fn inline(&self, id: &Id, parts: &[Part]) -> Option<Part> {
        // CREATE TABLE ignores NOT VALID.
        if self.not_valid || self.twin || !self.lacking.is_empty() {
            return None;
        }
        let by_parent = self.inherited && !self.attached;
        Some(Part {
            host: self.owner(id),
            slot: "element",
            order: 1_000_000 + self.r#type as i64,
            text: if by_parent { String::new() } else { self.clause(id, parts) },
            after: Vec::new(),
        })
    }

    /// Its index is a relation of its name, and a table has one primary key.
    fn slots(&self, id: &Id) -> Vec<Vec<String>> {
        let mut slots = match self.has_index() {
            true => crate::kind::relation_slot(id),
            false => Vec::new(),
        };
        if self.r#type == Type::PrimaryKey {
            slots.push(vec!["primary key".to_string(), id.path[0].clone(), id.path[1].clone()]);
        }
        slots
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        let mut needs = self.dropped_with(id);
        needs.extend(partitions(&self.lacking));
        needs.extend(self.other_keys.iter().filter_map(|key| {
            let (kind, path) = key.split_first()?;
            Some(Id::new(if kind == "index" { "index" } else { Self::NAME }, path.iter().cloned()))
        }));
        needs
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        std::iter::once(self.owner(id)).chain(self.part_of()).collect()
    }

    fn comes_with(&self, _: &Id) -> Vec<Id> {
        let parents = self.parents.iter().filter(|_| !self.has_index());
        parents.map(|parent| Id::new("constraint", parent.iter().cloned())).collect()
    }

    fn through(&self, id: &Id, host: &Id) -> Vec<Id> {
        if self.part_of().as_ref() == Some(host) {
            return vec![id.of("partition", 2)];
        }
        if host.kind == "constraint" { links(id, host) } else { Vec::new() }
    }

    fn respelled(&self, other: &Self) -> bool {
        *self == Constraint { definition: self.definition.clone(), ..other.clone() }
    }

    fn follows(&self, _: &Self, field: &str) -> bool {
        ["deferrable", "initially_deferred", "not_valid", "not_enforced"].contains(&field)
    }

    fn stays(&self) -> bool {
        !self.inherited && !self.has_index()
    }

    fn held_by(&self, id: &Id) -> Vec<Id> {
        let mut parents = self.comes_with(id);
        parents.extend(self.part_of());
        parents
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("{} RENAME CONSTRAINT {} TO {}", table(id), ident(id.name()), ident(to));
        let why = "ON CONFLICT ON CONSTRAINT with the old name fails";
        Some(Step::breaking(sql, Lock::AccessExclusive, why))
    }

    fn beside(&self, id: &Id) -> Option<Id> {
        let alone = self.parents.is_empty() && !self.partitioned && self.relation == "table";
        // What PostgreSQL makes of a foreign key for each partition of the referenced table may take a name that is free.
        let can = alone && self.r#type == Type::Check && !self.not_valid;
        can.then(|| self.owner(id))
    }

    fn stand_in(&self, id: &Id, _: &Id) -> Option<StandIn> {
        self.stands_in(id)
    }

    fn can_stand_aside(&self) -> bool {
        let alone = self.parents.is_empty() && !self.partitioned && self.relation == "table";
        alone && self.r#type == Type::Check && !self.not_valid && !self.not_enforced
    }

    fn describe(id: &Id) -> String {
        format!("constraint {} of {}", ident(id.name()), dotted(&id.path[..2]))
    }
}

impl Constraint {
    fn dropped(&self, id: &Id, only: &str) -> Step {
        let sql = format!("ALTER TABLE {only}{} DROP CONSTRAINT {}", dotted(&id.path[..2]), ident(id.name()));
        match self.r#type {
            Type::Check | Type::ForeignKey => {
                Step::additive(sql, Lock::AccessExclusive, "it only weakens a guarantee")
            }
            _ => {
                let why = "duplicates can be written, and ON CONFLICT that relies on it fails";
                Step::breaking(sql, Lock::AccessExclusive, why)
            }
        }
    }

    fn owner(&self, id: &Id) -> Id {
        id.of(if self.relation == "foreign_table" { "foreign_table" } else { "table" }, 2)
    }

    fn has_index(&self) -> bool {
        matches!(self.r#type, Type::PrimaryKey | Type::Unique | Type::Exclusion)
    }

    /// The parent's key that takes this one with it.
    fn part_of(&self) -> Option<Id> {
        self.parents.first().filter(|_| self.has_index()).and_then(|parent| part_of(parent))
    }

    /// The key of each partition is made by itself; nothing else may be made for the parent alone.
    fn only(&self) -> &'static str {
        if self.partitioned && self.has_index() { "ONLY " } else { "" }
    }

    /// `CONSTRAINT users_pkey PRIMARY KEY (id) WITH (fillfactor='70') DEFERRABLE`
    fn clause(&self, id: &Id, parts: &[Part]) -> String {
        let mut text = format!("CONSTRAINT {} {}", ident(id.name()), self.definition);
        parts.iter().for_each(|part| text += &part.text);
        if !self.predicate.is_empty() {
            text += &format!(" WHERE ({})", self.predicate);
        }
        text += self.timing();
        if self.not_enforced {
            text += " NOT ENFORCED";
        }
        text
    }

    fn timing(&self) -> &'static str {
        match (self.deferrable, self.initially_deferred) {
            (false, _) => "",
            (true, false) => " DEFERRABLE",
            (true, true) => " DEFERRABLE INITIALLY DEFERRED",
        }
    }
}

fn table(id: &Id) -> String {
    format!("ALTER TABLE {}", dotted(&id.path[..2]))
}

fn redefined(edit: &Edit<Constraint>) -> Rule<Constraint> {
    match edit.new.r#type {
        Type::ForeignKey => Recreate(Breaking, "the same writes and deletes have another effect from now on"),
        Type::Check => Recreate(DataDependent, "code that writes rows that it forbids fails from now on"),
        Type::Exclusion => Recreate(DataDependent, "code that writes rows that it forbids fails from now on"),
        // Which NULLs are equal and what the index holds besides is not what ON CONFLICT looks at.
        _ if columns(&edit.old.definition) == columns(&edit.new.definition) => {
            Recreate(DataDependent, "code that writes what counts as a duplicate from now on fails")
        }
        _ => Recreate(Breaking, "other rows count as duplicates, and ON CONFLICT that relies on it fails"),
    }
}

/// The columns of a key, whose order ON CONFLICT does not look at.
fn columns(definition: &str) -> Vec<&str> {
    let inside = definition.split_once(" (").and_then(|(_, rest)| rest.split_once(')'));
    let mut columns: Vec<&str> = inside.map_or_else(Vec::new, |(columns, _)| columns.split(", ").collect());
    columns.sort_unstable();
    columns
}

fn deferral(edit: &Edit<Constraint>) -> Rule<Constraint> {
    if edit.new.r#type != Type::ForeignKey {
        return match (edit.old.deferrable, edit.new.deferrable) {
            (false, _) => Recreate(Breaking, "ON CONFLICT takes no key that can be deferred"),
            (true, false) => Recreate(Breaking, "code that defers it fails from now on"),
            (true, true) => Recreate(DataDependent, "what it forbids fails at another time from now on"),
        };
    }
    Alter(|edit| {
        let timing = if edit.new.deferrable { edit.new.timing() } else { " NOT DEFERRABLE" };
        let sql = format!("{} ALTER CONSTRAINT {}{timing}", table(edit.id), ident(edit.id.name()));
        let later = edit.new.initially_deferred && !edit.old.initially_deferred;
        vec![if later {
            let why = "what it forbids fails at COMMIT, not at the statement, from now on";
            Step::data_dependent(sql, Lock::AccessExclusive, why)
        } else if edit.old.deferrable && !edit.new.deferrable {
            Step::breaking(sql, Lock::AccessExclusive, "code that defers it fails from now on")
        } else if edit.old.deferrable {
            let why = "code that relies on writing in any order fails from now on";
            Step::data_dependent(sql, Lock::AccessExclusive, why)
        } else {
            Step::additive(sql, Lock::AccessExclusive, "it is checked as before unless code asks otherwise")
        }]
    })
}

fn validity(edit: &Edit<Constraint>) -> Rule<Constraint> {
    if edit.new.not_valid {
        return Recreate(Additive, "new rows are checked as before");
    }
    Alter(|edit| {
        let step = edit.new.validated(edit.id);
        vec![step.clone().online(edit.new.owner(edit.id), vec![step.own()])]
    })
}

fn enforcement(edit: &Edit<Constraint>) -> Rule<Constraint> {
    if edit.new.r#type != Type::ForeignKey {
        return match edit.new.not_enforced {
            true => Recreate(Additive, "it only weakens a guarantee"),
            false => Recreate(DataDependent, "code that writes rows that it forbids fails from now on"),
        };
    }
    Alter(|edit| {
        let word = if edit.new.not_enforced { "NOT ENFORCED" } else { "ENFORCED" };
        let sql = format!("{} ALTER CONSTRAINT {} {word}", table(edit.id), ident(edit.id.name()));
        vec![if edit.new.not_enforced {
            Step::additive(sql, Lock::AccessExclusive, "it only weakens a guarantee")
        } else {
            let why = "code that writes rows without what they reference fails from now on";
            let step = Step::data_dependent(sql, Lock::AccessExclusive, why);
            edit.new.violations(edit.id).into_iter().fold(step, Step::finds)
        }]
    })
}
