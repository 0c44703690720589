//! Sequences, but for those inside identity columns. Which column owns one is an object of its own.
//!
//! The counter itself is data: no statement here moves it, unless it stands where its new bounds
//! do not let it be, which PostgreSQL refuses.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident, literal},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Sequence {
    /// What is not the default of its type and direction: `AS integer`, `CACHE 5`.
    options: Vec<String>,
    /// PostgreSQL 15.
    unlogged: bool,
    /// The path of the column that takes it along when dropped.
    column: Vec<String>,
}

impl Kind for Sequence {
    const NAME: &'static str = "sequence";
    const RANK: u8 = 40;
    // An INSERT locks the table first and then this, nextval() in a transaction before it this first.
    const FELT_ALONE: bool = true;
    const ROWS: &'static [&'static str] = &["pg_class.relkind S"];
    const QUERY: &'static str = "
        select 'pg_class'::regclass as class, c.oid as object, array[n.nspname, c.relname] as path,
               array_remove(array[
                   case when s.seqtypid <> 'bigint'::regtype then 'AS ' || format_type(s.seqtypid, null) end,
                   case when s.seqincrement <> 1 then 'INCREMENT BY ' || s.seqincrement end,
                   case when s.seqmin <> d.least then 'MINVALUE ' || s.seqmin end,
                   case when s.seqmax <> d.greatest then 'MAXVALUE ' || s.seqmax end,
                   case when s.seqstart <> case when s.seqincrement > 0 then s.seqmin else s.seqmax end
                        then 'START WITH ' || s.seqstart end,
                   case when s.seqcache <> 1 then 'CACHE ' || s.seqcache end,
                   case when s.seqcycle then 'CYCLE' end], null) as options,
               c.relpersistence = 'u' as unlogged,
               case when t.relname is not null then array[tn.nspname, t.relname, a.attname] end as column
        from pg_sequence s
        join pg_class c on c.oid = s.seqrelid
        join pg_namespace n on n.oid = c.relnamespace
        cross join lateral (
            select case when s.seqincrement > 0 then 1 else - b.bound - 1 end as least,
                   case when s.seqincrement > 0 then b.bound else -1 end as greatest
            from (select case s.seqtypid when 'smallint'::regtype then 32767
                                         when 'integer'::regtype then 2147483647
                                         else 9223372036854775807 end as bound) b) d
        left join pg_depend o on o.classid = 'pg_class'::regclass and o.objid = c.oid and o.objsubid = 0
              and o.refclassid = 'pg_class'::regclass and o.refobjsubid > 0 and o.deptype in ('a', 'i')
        left join pg_class t on t.oid = o.refobjid
        left join pg_namespace tn on tn.oid = t.relnamespace
        left join pg_attribute a on a.attrelid = o.refobjid and a.attnum = o.refobjsubid
        where c.relpersistence <> 't' and o.deptype is distinct from 'i'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] =
        fields!(Sequence { options: Alter(options), unlogged: Alter(persistence), column: Apart });

    fn sql(id: &Id) -> String {
        format!("SEQUENCE {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let unlogged = if self.unlogged { "UNLOGGED " } else { "" };
        let options: String = self.options.iter().map(|option| format!(" {option}")).collect();
        let sql = format!("CREATE {unlogged}{}{options}", Self::sql(id));
        vec![Step::additive(sql, Lock::None, "a new sequence; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        let step = Step::breaking(sql, Lock::AccessExclusive, "code that asks it for values fails");
        vec![step.loses(format!("how far {} has counted", dotted(&id.path)))]
    }

    fn dropped_with(&self, _: &Id) -> Vec<Id> {
        let column = (!self.column.is_empty()).then(|| Id::new("column", self.column.clone()));
        column.into_iter().collect()
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::AccessExclusive, "the old name stops working at the same instant"))
    }

    fn slots(&self, id: &Id) -> Vec<Vec<String>> {
        crate::kind::relation_slot(id)
    }

    fn alike(&self, other: &Self) -> bool {
        // What a column owns is as new or as gone as its column.
        self == other && self.column.is_empty()
    }
}

fn options(edit: &Edit<Sequence>) -> Vec<Step> {
    options_changed(&dotted(&edit.id.path), &edit.old.options, &edit.new.options)
}

fn persistence(edit: &Edit<Sequence>) -> Vec<Step> {
    let word = if edit.new.unlogged { "UNLOGGED" } else { "LOGGED" };
    let sql = format!("ALTER {} SET {word}", Sequence::sql(edit.id));
    vec![Step::additive(sql, Lock::AccessExclusive, "statements see no difference")]
}

/// The statements that get the sequence of that name from one list of options to another.
pub(super) fn options_changed(name: &str, old: &[String], new: &[String]) -> Vec<Step> {
    let (before, after) = (Counter::of(old), Counter::of(new));
    let alter = |change: String| {
        let sql = format!("ALTER SEQUENCE {name}{change}");
        Step::additive(sql, Lock::ShareRowExclusive, "old code gets other numbers, all of them valid")
    };
    let mut steps = Vec::new();
    let (mut least, mut greatest, mut bound) = (before.least, before.greatest, before.bound);
    if after.least > before.least || after.greatest < before.greatest {
        if !(before.least..=before.greatest).contains(&after.start) {
            (least, greatest, bound) = (least.min(after.least), greatest.max(after.greatest), i64::MAX);
            steps.push(alter(format!(" AS bigint MINVALUE {least} MAXVALUE {greatest}")));
        }
        let sql = format!(
            "SELECT pg_catalog.setval({}, {}, false) FROM {name} WHERE last_value NOT BETWEEN {} AND {}",
            literal(name),
            after.start,
            after.least,
            after.greatest
        );
        let why = "a counter that its new bounds exclude starts again; any other stays";
        steps.push(Step::additive(sql, Lock::RowExclusive, why));
    }
    let has = |list: &[String], word: &str| list.iter().find(|option| option.starts_with(word)).cloned();
    let widened = steps.len() > 1;
    let mut change = String::new();
    let mut add = |text: &str| change += &format!(" {text}");
    let typed = has(old, "AS ") != has(new, "AS ");
    if typed || widened {
        add(&has(new, "AS ").unwrap_or("AS bigint".into()));
    }
    let turned = (before.increment > 0) != (after.increment > 0);
    let forced = typed || turned || widened;
    // With AS, a bound that is the type's own stays so, and NO MINVALUE does not mean 1.
    let bounds = [
        ("MINVALUE", after.least, after.increment > 0 && least == -bound - 1),
        ("MAXVALUE", after.greatest, after.increment < 0 && greatest == bound),
    ]
    .map(|(word, value, stays)| match (typed || widened) && stays {
        true => format!("{word} {value}"),
        false => format!("NO {word}"),
    });
    let [least, greatest] = bounds.each_ref().map(String::as_str);
    for (word, otherwise, forced) in [
        ("INCREMENT BY ", "INCREMENT BY 1", false),
        ("MINVALUE ", least, forced),
        ("MAXVALUE ", greatest, forced),
    ] {
        let new = has(new, word);
        if forced || has(old, word) != new {
            add(&new.unwrap_or(otherwise.into()));
        }
    }
    if before.start != after.start {
        add(&format!("START WITH {}", after.start));
    }
    for (word, otherwise) in [("CACHE ", "CACHE 1"), ("CYCLE", "NO CYCLE")] {
        let new = has(new, word);
        if has(old, word) != new {
            add(&new.unwrap_or(otherwise.into()));
        }
    }
    steps.push(alter(change));
    steps
}

/// Options with their defaults filled in.
pub(super) struct Counter {
    pub(super) increment: i64,
    pub(super) least: i64,
    pub(super) greatest: i64,
    start: i64,
    /// The greatest value of its type.
    bound: i64,
}

impl Counter {
    pub(super) fn of(options: &[String]) -> Counter {
        let given = |word: &str| -> Option<i64> {
            options.iter().find_map(|option| option.strip_prefix(word)?.parse().ok())
        };
        let has = |option: &str| options.iter().any(|other| other == option);
        let bound = match () {
            () if has("AS smallint") => i64::from(i16::MAX),
            () if has("AS integer") => i64::from(i32::MAX),
            () => i64::MAX,
        };
        let increment = given("INCREMENT BY ").unwrap_or(1);
        let up = increment > 0;
        let least = given("MINVALUE ").unwrap_or(if up { 1 } else { -bound - 1 });
        let greatest = given("MAXVALUE ").unwrap_or(if up { bound } else { -1 });
        let start = given("START WITH ").unwrap_or(if up { least } else { greatest });
        Counter { increment, least, greatest, start, bound }
    }
}
