//! Base types: those with an input and an output function of their own.
//!
//! The functions take and return the type, so its name comes first, as a shell.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{dotted, ident, literal},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BaseType {
    input: String,
    output: String,
    receive: String,
    send: String,
    typmod_in: String,
    typmod_out: String,
    analyze: String,
    /// PostgreSQL 14.
    subscript: String,
    /// In bytes; -1 when it varies.
    length: i64,
    by_value: bool,
    alignment: String,
    storage: String,
    category: String,
    preferred: bool,
    default: String,
    element: String,
    delimiter: String,
    collatable: bool,
}

impl Kind for BaseType {
    const NAME: &'static str = "base_type";
    const RANK: u8 = 24;
    const QUERY: &'static str = "
        select 'pg_type'::regclass as class, t.oid as object, array[n.nspname, t.typname] as path,
               t.typinput::regproc::text as input, t.typoutput::regproc::text as output,
               case when t.typreceive <> 0 then t.typreceive::regproc::text end as receive,
               case when t.typsend <> 0 then t.typsend::regproc::text end as send,
               case when t.typmodin <> 0 then t.typmodin::regproc::text end as typmod_in,
               case when t.typmodout <> 0 then t.typmodout::regproc::text end as typmod_out,
               case when t.typanalyze <> 0 then t.typanalyze::regproc::text end as analyze,
               case when t.typsubscript <> 0 then t.typsubscript::regproc::text end as subscript, -- since 14
               t.typlen as length, t.typbyval as by_value,
               case t.typalign when 'c' then 'char' when 's' then 'int2' when 'd' then 'double' else 'int4' end as alignment,
               case t.typstorage when 'e' then 'external' when 'm' then 'main' when 'x' then 'extended' else 'plain' end as storage,
               nullif(t.typcategory::text, 'U') as category, t.typispreferred as preferred,
               t.typdefault as default,
               case when t.typelem <> 0 then format_type(t.typelem, null) end as element,
               nullif(t.typdelim::text, ',') as delimiter,
               t.typcollation <> 0 as collatable
        from pg_type t
        join pg_namespace n on n.oid = t.typnamespace
        left join pg_type e on e.typarray = t.oid
        where t.typtype = 'b' and e.oid is null
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(BaseType {
        input: Recreate(Breaking, ANEW),
        output: Recreate(Breaking, ANEW),
        receive: Alter(set),
        send: Alter(set),
        typmod_in: Alter(set),
        typmod_out: Alter(set),
        analyze: Alter(set),
        subscript: Alter(set),
        length: Recreate(Breaking, ANEW),
        by_value: Recreate(Breaking, ANEW),
        alignment: Recreate(Breaking, ANEW),
        storage: When(storage),
        category: Recreate(Breaking, ANEW),
        preferred: Recreate(Breaking, ANEW),
        default: Recreate(Breaking, ANEW),
        element: Recreate(Breaking, ANEW),
        delimiter: Recreate(Breaking, ANEW),
        collatable: Recreate(Breaking, ANEW),
    });

    fn sql(id: &Id) -> String {
        format!("TYPE {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let length = if self.length < 0 { "VARIABLE".into() } else { self.length.to_string() };
        let mut options = vec![format!("INPUT = {}", self.input), format!("OUTPUT = {}", self.output)];
        options.extend(self.changeable().into_iter().filter(|(_, value)| !value.is_empty()).map(write));
        options.push(format!("INTERNALLENGTH = {length}"));
        options.push(format!("ALIGNMENT = {}", self.alignment));
        let quoted = |text: &str| if text.is_empty() { String::new() } else { literal(text) };
        let given = [
            ("CATEGORY", quoted(&self.category)),
            ("DEFAULT", quoted(&self.default)),
            ("ELEMENT", self.element.clone()),
            ("DELIMITER", quoted(&self.delimiter)),
        ];
        options.extend(given.iter().filter(|(_, value)| !value.is_empty()).map(|(n, v)| write((n, v))));
        let claims = [
            (self.by_value, "PASSEDBYVALUE"),
            (self.preferred, "PREFERRED = true"),
            (self.collatable, "COLLATABLE = true"),
        ];
        options.extend(claims.iter().filter(|(holds, _)| *holds).map(|(_, text)| text.to_string()));
        let sql = format!("CREATE {} (\n    {}\n)", Self::sql(id), options.join(",\n    "));
        vec![Step::additive(sql, Lock::None, "a new type; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        // Its functions take and return the type, and the type needs the functions.
        let sql = format!("DROP {} CASCADE", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that names the type fails")]
    }

    fn shell(&self, id: &Id) -> Option<Step> {
        let sql = format!("CREATE {}", Self::sql(id));
        Some(Step::additive(sql, Lock::None, "a name for functions to use until the type is whole"))
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::None, "the old name stops working at the same instant"))
    }

    fn slots(&self, id: &Id) -> Vec<Vec<String>> {
        crate::kind::relation_slot(id)
    }
}

const ANEW: &str = "only the support functions of a base type can be changed in place";

impl BaseType {
    /// What `ALTER TYPE … SET` takes (PostgreSQL 13; SUBSCRIPT 14).
    fn changeable(&self) -> [(&'static str, &String); 7] {
        [
            ("RECEIVE", &self.receive),
            ("SEND", &self.send),
            ("TYPMOD_IN", &self.typmod_in),
            ("TYPMOD_OUT", &self.typmod_out),
            ("ANALYZE", &self.analyze),
            ("SUBSCRIPT", &self.subscript),
            ("STORAGE", &self.storage),
        ]
    }
}

fn write((name, value): (&str, &String)) -> String {
    format!("{name} = {}", if value.is_empty() { "NONE" } else { value })
}

fn storage(edit: &Edit<BaseType>) -> Rule<BaseType> {
    match edit.new.storage.as_str() {
        // Values out of line may be there.
        "plain" => Recreate(Breaking, ANEW),
        _ => Alter(set),
    }
}

fn set(edit: &Edit<BaseType>) -> Vec<Step> {
    let pairs = edit.old.changeable().into_iter().zip(edit.new.changeable());
    let changes: Vec<String> = pairs.filter(|(old, new)| old != new).map(|(_, new)| write(new)).collect();
    let sql = format!("ALTER {} SET ({})", BaseType::sql(edit.id), changes.join(", "));
    vec![Step::additive(sql, Lock::None, "values stay as they are")]
}
