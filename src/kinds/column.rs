//! Columns of tables and foreign tables. Defaults and identities are objects of their own;
//! generation is not, because no release can add it to a column that exists. PostgreSQL changes an
//! expression in place since 17, before which the column is made anew.
//!
//! `ALTER TABLE … ADD COLUMN` and type changes recurse to children, and there PostgreSQL refuses
//! ONLY; an inherited column therefore comes with its parent's.

mod fill;
mod generated;
mod retype;
mod settings;
mod unchecked;

use super::column_default::VOLATILE;
use crate::{
    backfill, bridge, cast,
    catalog::Id,
    expand::{Bridge, StandIn, Twin},
    kind::{Edit, FILLED_LATER, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{dotted, ident},
    step::{Class::Breaking, Lock, Step},
};
use fill::Pace;
use generated::{analyzed, generation};
use retype::{IN_THE_WAY_OF_ANOTHER, retype, unless_retyped};
use serde::{Deserialize, Serialize};
use settings::{alter_column, compression, foreign_options, options, statistics, storage, table};
use std::{iter, slice};
use unchecked::Check;

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Column {
    /// 1 for the first column that is left.
    position: i64,
    /// The kind of what it is a column of: `table` or `foreign_table`.
    relation: String,
    r#type: String,
    /// Empty when it is the type's own.
    collation: String,
    not_null: bool,
    /// A valid check says that it is not null, which PostgreSQL takes for proof.
    proven: bool,
    /// NOT NULL is a constraint (PostgreSQL 18): of all columns or of none.
    #[serde(skip_serializing)]
    constrained: bool,
    /// NOT NULL can be valid for new rows first: the plan is for PostgreSQL 18.
    #[serde(skip_serializing)]
    valid_later: bool,
    /// Its name, where it is an object by itself.
    constraint: String,
    /// The expression that it is generated from.
    generated: crate::deparsed::Expression,
    /// Generated when read, not when written (PostgreSQL 18).
    is_virtual: bool,
    /// The plan is for a PostgreSQL that can change the expression in place: of a stored one since 17, of a virtual
    /// one since 18, where no check constraint and no publication is on the table.
    #[serde(skip_serializing)]
    redefinable: bool,
    /// Not made for its table: it is there because a parent has it.
    inherited: bool,
    /// The parent is a partitioned table, to which the table is attached when it has all columns.
    attached: bool,
    /// `[schema, table]` of each parent that has it too.
    parents: Vec<Vec<String>>,
    /// A parent has a default, so that a child is made with it.
    parent_default: bool,
    parent_not_null: bool,
    /// A parent stores values otherwise, as would a child that is made after it.
    parent_storage: bool,
    parent_compression: bool,
    /// Rows are partitioned by it, so that neither its type nor its collation can change.
    partitions: bool,
    /// `[schema, type]` that the table is `OF`: it gives the column.
    of_type: Vec<String>,
    /// Another type or a column of another table holds rows of this table, or of a child of it.
    row_type_used: bool,
    /// The valid checks of its domain, where no other table has columns of that and the table's owner can alter it.
    #[serde(skip_serializing)]
    checks: Vec<Check>,
    /// `EXTERNAL`, …; empty when it is the type's own.
    storage: String,
    /// The type's own, where that is neither `EXTENDED` nor, of PostgreSQL's own types, `PLAIN`.
    type_storage: String,
    compression: String,
    /// The statistics target; null when it is the default.
    statistics: Option<i64>,
    /// `n_distinct=100`
    options: Vec<String>,
    /// Options of a foreign table's column.
    foreign_options: Vec<String>,
}

impl Kind for Column {
    const NAME: &'static str = "column";
    const RANK: u8 = 62;
    const ROWS: &'static [&'static str] = &["pg_class.relkind r", "pg_class.relkind p", "pg_class.relkind f"];
    const QUERY: &'static str = "
        with recursive beneath(domain, type) as (
            select oid, oid from pg_type where typtype = 'd' and oid >= 16384
            union all
            select b.domain, t.oid
            from beneath b
            join pg_type y on y.oid = b.type
            join pg_type t on t.oid = y.typbasetype and t.typtype = 'd'),
        holders(type, tables, inside) as (
            select b.type, count(distinct h.attrelid), bool_or(r.relkind = 'c' or h.atttypid <> b.domain)
            from beneath b
            join pg_type d on d.oid = b.domain
            cross join lateral (values (d.oid), (d.typarray)) o(type)
            join pg_attribute h on h.atttypid = o.type and h.attinhcount = 0 and h.attnum > 0 and not h.attisdropped
            join pg_class r on r.oid = h.attrelid and r.relkind in ('r', 'p', 'f', 'm', 'c')
            group by b.type),
        checked(domain, owner, checks) as materialized (
            select b.domain, min(t.typowner),
                   json_agg(json_build_object('domain', json_build_array(n.nspname, t.typname), 'name', k.conname,
                                              'definition', pg_get_constraintdef(k.oid))
                            order by n.nspname collate \"C\", t.typname collate \"C\", k.conname collate \"C\")
                       filter (where k.oid is not null)
            from beneath b
            join pg_type t on t.oid = b.type
            join pg_namespace n on n.oid = t.typnamespace
            left join holders h on h.type = b.type
            left join pg_constraint k on k.contypid = t.oid
            group by b.domain
            having count(k.oid) > 0 and min(t.typowner) = max(t.typowner) and max(h.tables) = 1 and not bool_or(h.inside)
               and bool_and(not t.typnotnull and (k.oid is null or k.contype = 'c' and k.convalidated))
               and not bool_or(
                   exists (select from pg_description e where e.classoid = 'pg_constraint'::regclass and e.objoid = k.oid)
                   or exists (select from pg_depend e where e.classid = 'pg_type'::regclass and e.objid = t.oid and e.deptype = 'e')
                   or exists (select from pg_range e where e.rngsubtype = t.oid)))
        select 'pg_class'::regclass as class, c.oid as object, a.attnum::int as sub,
               array[n.nspname, c.relname, a.attname] as path,
               row_number() over (partition by c.oid order by a.attnum) as position,
               case when c.relkind = 'f' then 'foreign_table' else 'table' end as relation,
               format_type(a.atttypid, a.atttypmod) as type,
               case when a.attcollation <> t.typcollation then
                   (select quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
                    from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace
                    where co.oid = a.attcollation) end as collation,
               a.attnotnull as not_null, -- before 18
               a.attnotnull and coalesce(v.convalidated, true) as not_null, -- since 18
               (a.attrelid, a.attnum) in (
                   select k.conrelid, n.attnum
                   from pg_constraint k
                   join pg_attribute n on n.attrelid = k.conrelid and n.attnum = any (k.conkey)
                   cross join lateral (select pg_get_constraintdef(k.oid) as def,
                                              '(' || quote_ident(n.attname) || ' IS NOT NULL)' as said offset 0) d
                   where k.contype = 'c' and k.convalidated and position('NULLTEST' in k.conbin::text) > 0
                     and (d.def = 'CHECK (' || d.said || ')'
                          or d.def !~ ' OR |NOT [(]|CASE '
                             and (position(d.said || ' AND ' in d.def) > 0 or position(' AND ' || d.said in d.def) > 0))
               ) as proven,
               true as constrained, -- since 18
               target.number >= 180000 as valid_later, -- since 18
               case when not v.convalidated or right(rtrim(v.conname, '0123456789'), 9) <> '_not_null' then v.conname end as constraint, -- since 18
               case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end as generated,
               a.attgenerated = 'v' as is_virtual,
               a.attgenerated = 's' and target.number >= 170000                                     -- since 17
                   or a.attgenerated = 'v' and target.number >= 180000                              -- since 17
                      and c.oid not in (select conrelid from pg_constraint where contype = 'c')     -- since 17
                      and c.oid not in (select prrelid from pg_publication_rel) as redefinable, -- since 17
               a.attinhcount > 0 and not a.attislocal as inherited,
               a.attinhcount > 0 and c.relispartition as attached,
               p.parents, p.parent_default, p.parent_not_null, p.parent_storage,
               p.parent_compression, -- since 14
               (c.oid, a.attnum) in (
                   select e.objid, e.objsubid
                   from pg_partitioned_table y
                   join pg_depend e on e.classid = 'pg_class'::regclass and e.objid = y.partrelid
                   where e.refclassid = 'pg_class'::regclass and e.refobjid = y.partrelid and e.refobjsubid = 0
                     and e.deptype = 'i') as partitions,
               case when o.oid is not null then array[tn.nspname, o.typname] end as of_type,
               c.oid in (
                   with recursive used(relation) as (
                       select y.typrelid
                       from pg_depend e
                       join pg_type x on x.oid = e.refobjid
                       join pg_type y on y.oid = case when x.typrelid = 0 then x.typelem else x.oid end
                       where e.refclassid = 'pg_type'::regclass and e.deptype = 'n' and y.typrelid <> 0
                         and e.classid in ('pg_class'::regclass, 'pg_type'::regclass)
                       union
                       select i.inhparent from used join pg_inherits i on i.inhrelid = used.relation)
                   select relation from used) as row_type_used,
               case when t.typtype = 'd' then
                   (select k.checks from checked k where k.domain = t.oid and k.owner = c.relowner)
               end as checks,
               case when a.attstorage <> t.typstorage then
                   case a.attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end
               end as storage,
               case when t.typstorage = 'e' then 'EXTERNAL' when t.typstorage = 'm' then 'MAIN'
                    when t.typstorage = 'p' and t.oid >= 16384 then 'PLAIN' end as type_storage,
               case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as compression, -- since 14
               nullif(a.attstattarget, -1) as statistics,
               a.attoptions as options,
               case when a.attfdwoptions is not null then
                   array(select o from unnest(a.attfdwoptions) o order by o collate \"C\") end as foreign_options
        from pg_attribute a
        cross join (select coalesce(nullif(current_setting('planwright.target', true), ''),           -- since 17
                                    current_setting('server_version_num'))::int as number) target     -- since 17
        join pg_class c on c.oid = a.attrelid
        join pg_namespace n on n.oid = c.relnamespace
        join pg_type t on t.oid = a.atttypid
        left join lateral (
            select json_agg(json_build_array(pn.nspname, pc.relname) order by i.inhseqno) as parents,
                   bool_or(pa.atthasdef and pa.attgenerated = '') as parent_default,
                   bool_or(pa.attnotnull) as parent_not_null,
                   bool_or(pa.attcompression <> a.attcompression) as parent_compression, -- since 14
                   bool_or(pa.attstorage <> a.attstorage) as parent_storage
            from pg_inherits i
            join pg_class pc on pc.oid = i.inhparent
            join pg_namespace pn on pn.oid = pc.relnamespace
            join pg_attribute pa on pa.attrelid = pc.oid and pa.attname = a.attname and pa.attnum > 0
            where i.inhrelid = c.oid and a.attinhcount > 0
        ) p on true
        left join pg_constraint v on v.conrelid = c.oid and v.contype = 'n' and v.conkey[1] = a.attnum -- since 18
        left join pg_type o on o.oid = c.reloftype
        left join pg_namespace tn on tn.oid = o.typnamespace
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum and a.attgenerated <> ''
        where c.relkind in ('r', 'p', 'f') and c.relpersistence <> 't' and a.attnum > 0 and not a.attisdropped
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Column {
        position: Apart,
        relation: Apart,
        r#type: When(retype),
        collation: When(retype),
        not_null: Alter(not_null),
        proven: Apart,
        constrained: Apart,
        valid_later: Apart,
        constraint: Apart,
        generated: When(generation),
        is_virtual: Recreate(Breaking, "a stored generated column cannot become virtual in place"),
        redefinable: Apart,
        inherited: Apart,
        attached: Apart,
        parents: When(left),
        parent_default: Apart,
        parent_not_null: Apart,
        parent_storage: Apart,
        parent_compression: Apart,
        partitions: Apart,
        of_type: Apart,
        row_type_used: Apart,
        checks: Apart,
        storage: When(|edit| unless_retyped(edit, storage)),
        type_storage: Apart,
        compression: When(|edit| unless_retyped(edit, compression)),
        statistics: Alter(statistics),
        options: Alter(options),
        foreign_options: Alter(foreign_options),
    });

    fn sql(id: &Id) -> String {
        format!("COLUMN {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, parts: &[Part]) -> Vec<Step> {
        let sql = format!("{} ADD COLUMN {}", table(id), self.clause(id, parts));
        let volatile = parts.iter().any(|part| part.slot == VOLATILE);
        let filled = volatile
            || !self.not_null
            || !self.generated.is_empty()
            || parts.iter().any(|part| part.slot == "value");
        if !filled && parts.iter().any(|part| part.slot == FILLED_LATER) {
            return Column { not_null: false, ..self.clone() }.create(id, &[]);
        }
        let step = if filled {
            let step =
                Step::additive(sql, Lock::AccessExclusive, "existing statements do not mention the column");
            if self.row_type_used
                && let Some(at_once) = self.given_later(id, parts, &step, Pace::AtOnce)
            {
                let mut later = self.given_later(id, parts, &step, Pace::InBatches);
                let steps = at_once.into_iter();
                let steps = steps.map(|step| step.online(self.owner(id), later.take().unwrap_or_default()));
                return steps.chain(self.settings(id)).collect();
            }
            let later = self.given_later(id, parts, &step, Pace::InBatches);
            let unchecked = self.added_unchecked(later.as_deref().unwrap_or(slice::from_ref(&step)));
            match unchecked.or(later) {
                Some(steps) => step.online(self.owner(id), steps),
                None => step,
            }
        } else {
            let why =
                "inserts of the running code omit the column, and it fails at once on a table with rows";
            Step::breaking(sql, Lock::AccessExclusive, why)
        };
        iter::once(step).chain(self.settings(id)).collect()
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        vec![self.dropped(id, "")]
    }

    fn drop_only(&self, id: &Id) -> Option<Vec<Step>> {
        // PostgreSQL 18 leaves the children with a constraint that is inherited from nothing and cannot be dropped.
        let required = (self.not_null && self.constrained).then(|| {
            let sql = format!("{} ALTER COLUMN {} DROP NOT NULL", table(id), ident(id.name()));
            Step::additive(sql, Lock::AccessExclusive, "the column is dropped right after")
        });
        Some(required.into_iter().chain([self.dropped(id, "ONLY ")]).collect())
    }

    fn inline(&self, id: &Id, parts: &[Part]) -> Option<Part> {
        let by_parent = self.inherited && !self.attached;
        let text = match () {
            () if by_parent => String::new(),
            () if !self.of_type.is_empty() => {
                let options = self.options(parts);
                if options.is_empty() {
                    options
                } else {
                    format!("{} WITH OPTIONS{options}", ident(id.name()))
                }
            }
            () => self.clause(id, parts),
        };
        let mut after = self.settings(id);
        if by_parent {
            after.extend(self.overrides(id, parts));
        }
        Some(Part { host: self.owner(id), slot: "element", order: self.position, text, after })
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        vec![self.owner(id)]
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![self.owner(id)]
    }

    fn comes_with(&self, id: &Id) -> Vec<Id> {
        let parents = self.parents.iter().map(|parent| ("column", parent));
        let of_type = Some(("attribute", &self.of_type)).filter(|(_, path)| !path.is_empty());
        parents
            .chain(of_type)
            .map(|(kind, path)| Id::new(kind, path.iter().map(String::as_str).chain([id.name()])))
            .collect()
    }

    fn comes_after(&self, _: &Id) -> Vec<Id> {
        self.checks.iter().map(Check::id).collect()
    }

    fn through(&self, id: &Id, host: &Id) -> Vec<Id> {
        if host.kind == Self::NAME { super::inheritance::links(id, host) } else { Vec::new() }
    }

    fn follows(&self, before: &Self, field: &str) -> bool {
        match field {
            "type" | "collation" | "not_null" => true,
            "generated" => !self.redefined(before),
            _ => false,
        }
    }

    fn stays(&self) -> bool {
        !self.inherited && !self.parents.is_empty()
    }

    fn relaxed(&self) -> Option<Self> {
        let can = self.not_null && self.relation == "table" && self.parents.is_empty();
        can.then(|| Column { not_null: false, ..self.clone() })
    }

    fn bridge(&self, before: &Id, after: &Id) -> Option<Bridge> {
        let can = self.relation == "table" && self.parents.is_empty() && self.generated.is_empty();
        can.then(|| bridge::columns(before, after))
    }

    fn twin(&self, id: &Id, before: &Self) -> Option<Result<Twin, &'static str>> {
        let rewritten = before.r#type != self.r#type && !cast::stays(&before.r#type, &self.r#type);
        let of_tables = self.relation == "table" && before.relation == "table" && !self.inherited;
        (rewritten && of_tables).then(|| self.made_beside(id, before))
    }

    fn stand_in(&self, id: &Id, of: &Id) -> Option<StandIn> {
        let can = self.not_null && self.relation == "table" && self.parents.is_empty();
        can.then(|| backfill::proven(id, of))
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("{} RENAME COLUMN {} TO {}", table(id), ident(id.name()), ident(to));
        Some(Step::breaking(sql, Lock::AccessExclusive, "the old name stops working at the same instant"))
    }

    fn follow(&self, id: &Id, before: &Self) -> Option<(Vec<Step>, &'static [&'static str])> {
        // The type of the same name that it was is another one, with no cast but through its text form.
        let in_place = self.generated.is_empty() && !self.partitions;
        in_place.then(|| (self.retyped(id, before, true), IN_THE_WAY_OF_ANOTHER))
    }

    fn rebuilt_as(&self, id: &Id) -> Id {
        if self.partitions { self.owner(id) } else { id.clone() }
    }

    fn alike(&self, other: &Self) -> bool {
        let own = self.of_type.is_empty() && !self.inherited;
        own && self.r#type == other.r#type && self.generated == other.generated
    }
}

impl Column {
    fn owner(&self, id: &Id) -> Id {
        id.of(if self.relation == "foreign_table" { "foreign_table" } else { "table" }, 2)
    }

    fn dropped(&self, id: &Id, only: &str) -> Step {
        let sql = format!("ALTER TABLE {only}{} DROP COLUMN {}", dotted(&id.path[..2]), ident(id.name()));
        let step = Step::breaking(sql, Lock::AccessExclusive, "statements that name the column fail");
        let lossless = !self.generated.is_empty() || self.relation == "foreign_table";
        if lossless { step } else { step.loses(format!("the values of {}", dotted(&id.path))) }
    }

    /// `email text COLLATE "C" DEFAULT '' NOT NULL`
    fn clause(&self, id: &Id, parts: &[Part]) -> String {
        let mut text = format!("{} {}", ident(id.name()), self.r#type);
        if !self.foreign_options.is_empty() {
            text += &format!(" OPTIONS ({})", crate::sql::foreign_options(&self.foreign_options));
        }
        if !self.collation.is_empty() {
            text += &format!(" COLLATE {}", self.collation);
        }
        if !self.generated.is_empty() {
            let kind = if self.is_virtual { "VIRTUAL" } else { "STORED" };
            text += &format!(" GENERATED ALWAYS AS ({}) {kind}", self.generated);
        }
        text + &self.options(parts)
    }

    /// ` DEFAULT '' NOT NULL`
    fn options(&self, parts: &[Part]) -> String {
        let (named, given): (Vec<&Part>, Vec<&Part>) = parts.iter().partition(|part| part.slot == "not_null");
        let given = given.iter().map(|part| part.text.as_str()).filter(|text| !text.is_empty());
        let not_null = named.first().map_or("NOT NULL", |part| part.text.as_str());
        given.chain(self.not_null.then_some(not_null)).map(|text| format!(" {text}")).collect()
    }

    /// In what it differs from the parent's column that it is made from.
    fn overrides(&self, id: &Id, parts: &[Part]) -> Vec<Step> {
        let values = parts.iter().filter(|part| ["value", VOLATILE].contains(&part.slot));
        let mut changes: Vec<String> = (values.clone().filter(|part| !part.text.is_empty()))
            .map(|part| {
                let word = if part.text.starts_with("DEFAULT") { "SET" } else { "ADD" };
                format!("{word} {}", part.text)
            })
            .collect();
        if self.parent_default && values.count() == 0 {
            changes.push("DROP DEFAULT".to_string());
        }
        if self.not_null && !self.parent_not_null {
            changes.push("SET NOT NULL".to_string());
        }
        let edit = Edit { id, old: self, new: self };
        let why = "a new table; nothing existing refers to it";
        changes.iter().flat_map(|change| alter_column(&edit, change, Lock::AccessExclusive, why)).collect()
    }
}

fn not_null(edit: &Edit<Column>) -> Vec<Step> {
    if edit.new.not_null && !edit.old.constraint.is_empty() && edit.old.constraint == edit.new.constraint {
        // Its constraint is validated.
        return Vec::new();
    }
    let change =
        |word: &str| format!("{} ALTER COLUMN {} {word} NOT NULL", table(edit.id), ident(edit.id.name()));
    vec![if edit.new.not_null {
        let why = "code that writes NULL fails from now on, and it fails at once if a row has one";
        let table = dotted(&edit.id.path[..2]);
        let query = format!("SELECT * FROM {table} WHERE {} IS NULL", ident(edit.id.name()));
        let step = Step::data_dependent(change("SET"), Lock::AccessExclusive, why).finds(query);
        match edit.new.relation.as_str() {
            "table" if !(edit.old.proven && edit.new.proven) => step
                .clone()
                .online(edit.new.owner(edit.id), backfill::required(edit.id, &step, edit.new.valid_later)),
            _ => step,
        }
    } else {
        let why = "code that reads the column meets NULL once something writes it";
        Step::data_dependent(change("DROP"), Lock::AccessExclusive, why)
    }]
}

/// What a parent that loses the column alone takes from it.
fn left(edit: &Edit<Column>) -> Rule<Column> {
    let left = edit.old.parents.iter().any(|parent| !edit.new.parents.contains(parent));
    let required = edit.old.parent_not_null && edit.old.not_null && edit.new.not_null;
    if !(left && required && edit.new.constrained) || edit.old.attached {
        return Apart;
    }
    Alter(|edit| {
        let sql = format!("{} ALTER COLUMN {} SET NOT NULL", table(edit.id), ident(edit.id.name()));
        vec![Step::additive(sql, Lock::AccessExclusive, "no row has had a NULL")]
    })
}
