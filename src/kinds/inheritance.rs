//! The place of a table below a parent that is not partitioned: one object for each parent, so
//! that parents come and go one by one. Their order is that of the parents' columns in the child.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{clipped, dotted},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Inheritance {
    /// The kind of the child: `table` or `foreign_table`.
    relation: String,
    /// The kind of the parent.
    parent_relation: String,
    /// 1 for the first parent.
    position: i64,
    /// All parents, in their order. This and the next are with the first parent only.
    parents: Vec<String>,
    /// Columns and `CONSTRAINT` with the names of checks that a parent has too, and that the child would keep without it.
    own: Vec<String>,
    /// Those that it has of its parents alone, and columns that such a constraint or generated column may use: they cannot
    /// leave without it.
    inherited: Vec<String>,
}

impl Kind for Inheritance {
    const NAME: &'static str = "inheritance";
    const RANK: u8 = 61;
    const ROWS: &'static [&'static str] = &["pg_class.relkind r", "pg_class.relkind f"];
    const QUERY: &'static str = "
        select array[n.nspname, c.relname, pn.nspname, p.relname] as path,
               case when c.relkind = 'f' then 'foreign_table' else 'table' end as relation,
               case when p.relkind = 'f' then 'foreign_table' else 'table' end as parent_relation,
               i.inhseqno as position, l.parents, l.own, l.inherited
        from pg_inherits i
        join pg_class c on c.oid = i.inhrelid
        join pg_namespace n on n.oid = c.relnamespace
        join pg_class p on p.oid = i.inhparent
        join pg_namespace pn on pn.oid = p.relnamespace
        left join lateral (
            select array_agg(t.name order by t.name) filter (where t.own) as own,
                   array_agg(t.name order by t.name) filter (where not t.own) as inherited,
                   (select array_agg(format('%I.%I', an.nspname, a.relname) order by ai.inhseqno)
                    from pg_inherits ai
                    join pg_class a on a.oid = ai.inhparent
                    join pg_namespace an on an.oid = a.relnamespace
                    where ai.inhrelid = c.oid) as parents
            from (select quote_ident(a.attname),
                         a.attislocal
                         and not exists (select from pg_constraint k
                                         where k.conrelid = c.oid and k.contype in ('c', 'n')
                                           and a.attnum = any (k.conkey) and not k.conislocal)
                         and not exists (select from pg_attribute g
                                         where g.attrelid = c.oid and g.attgenerated <> '' and g.attnum <> a.attnum
                                           and g.attinhcount > 0 and not g.attislocal)
                  from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and a.attinhcount > 0
                  union all
                  select 'CONSTRAINT ' || quote_ident(k.conname), k.conislocal
                  from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and k.coninhcount > 0) t (name, own)
        ) l on not exists (select from pg_inherits f where f.inhrelid = c.oid and f.inhseqno < i.inhseqno)
        where c.relkind in ('r', 'f') and not c.relispartition and c.relpersistence <> 't'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Inheritance {
        relation: Apart,
        parent_relation: Apart,
        position: Apart,
        parents: Apart,
        own: When(own),
        inherited: Apart,
    });

    fn sql(id: &Id) -> String {
        format!("TABLE {}", dotted(&id.path[..2]))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let why = "statements about the parent see the rows of the child from now on";
        vec![Step::data_dependent(change(id, "INHERIT"), Lock::AccessExclusive, why)]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let why = "statements about the parent no longer see the rows of the child";
        vec![Step::breaking(change(id, "NO INHERIT"), Lock::AccessExclusive, why)]
    }

    fn inline(&self, id: &Id, _: &[Part]) -> Option<Part> {
        Some(Part {
            host: self.child(id),
            slot: "inherits",
            order: self.position,
            text: dotted(&id.path[2..]),
            after: Vec::new(),
        })
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        vec![self.child(id), self.parent(id)]
    }

    fn joins(&self, id: &Id) -> Option<(Id, Id)> {
        Some((self.child(id), self.parent(id)))
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![self.child(id)]
    }

    fn stays_other(&self, id: &Id, desired: &Self) -> Option<String> {
        let own: Vec<&str> =
            self.own.iter().filter(|name| desired.inherited.contains(name)).map(String::as_str).collect();
        let table = dotted(&id.path[..2]);
        (!own.is_empty())
            .then(|| format!("{table} keeps as its own, not of its parents alone: {}", own.join(", ")))
    }

    fn describe(id: &Id) -> String {
        format!("inheritance of {} from {}", dotted(&id.path[..2]), dotted(&id.path[2..]))
    }
}

impl Inheritance {
    fn child(&self, id: &Id) -> Id {
        id.of(if self.relation == "foreign_table" { "foreign_table" } else { "table" }, 2)
    }

    fn parent(&self, id: &Id) -> Id {
        let kind = if self.parent_relation == "foreign_table" { "foreign_table" } else { "table" };
        Id::new(kind, id.path[2..].iter().cloned())
    }
}

/// Through what `host`, which is in a table, reaches `id`, which is in a child of that table.
pub(super) fn links(id: &Id, host: &Id) -> Vec<Id> {
    if id.path.len() < 2 || host.path.len() < 2 || id.path[..2] == host.path[..2] {
        return Vec::new();
    }
    let pair = id.path[..2].iter().chain(&host.path[..2]).cloned();
    vec![id.of("partition", 2), Id::new("inheritance", pair)]
}

/// What a child has of a parent becomes its own when it leaves the parent. Nothing takes that back.
fn own(edit: &Edit<Inheritance>) -> Rule<Inheritance> {
    let known = |name: &String| edit.old.inherited.contains(name) || edit.old.own.contains(name);
    let can =
        edit.old.parents == edit.new.parents && edit.new.own.iter().chain(&edit.new.inherited).all(known);
    let gained = edit.new.own.iter().any(|name| edit.old.inherited.contains(name));
    if can && gained { Alter(|edit| leave_and_return(edit.id, edit.old, &edit.new.own)) } else { Apart }
}

fn leave_and_return(id: &Id, old: &Inheritance, own: &[String]) -> Vec<Step> {
    let child = dotted(&id.path[..2]);
    // What stays inherited has another parent meanwhile.
    let stays = old.inherited.iter().any(|name| !own.contains(name));
    let meanwhile = if stays { &*old.parents } else { &[] };
    let names: Vec<String> = (1..=meanwhile.len())
        .map(|at| dotted(&[id.path[0].clone(), clipped(&id.path[1], &format!("_planwright_parent_{at}"))]))
        .collect();
    let why = "statements see no difference";
    let step = |sql: String| Step::additive(sql, Lock::AccessExclusive, why);
    let gained: Vec<String> = own
        .iter()
        .map(|name| match name.strip_prefix("CONSTRAINT ") {
            Some(check) => format!("DROP CONSTRAINT IF EXISTS {check}"),
            None => format!("DROP COLUMN IF EXISTS {name}"),
        })
        .collect();
    let made = names.iter().zip(meanwhile).flat_map(|(name, parent)| {
        let like = format!("CREATE TABLE {name} (LIKE {parent} INCLUDING GENERATED INCLUDING CONSTRAINTS)");
        [step(like), step(format!("ALTER TABLE {name} {}", gained.join(", ")))]
    });
    let each = |word: &str, of: &[String]| of.iter().map(|name| format!("{word} {name}")).collect::<Vec<_>>();
    let moves = [
        each("INHERIT", &names),
        each("NO INHERIT", &old.parents),
        each("INHERIT", &old.parents),
        each("NO INHERIT", &names),
    ];
    let moved = step(format!("ALTER TABLE {child} {}", moves.concat().join(", ")));
    let dropped = names.iter().map(|name| step(format!("DROP TABLE {name}")));
    made.chain([moved]).chain(dropped).collect()
}

fn change(id: &Id, word: &str) -> String {
    format!("ALTER TABLE {} {word} {}", dotted(&id.path[..2]), dotted(&id.path[2..]))
}
