//! Text search dictionaries.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TextSearchDictionary {
    template: String,
    /// `language = 'english', stopwords = 'english'`
    options: String,
}

impl Kind for TextSearchDictionary {
    const NAME: &'static str = "text_search_dictionary";
    const RANK: u8 = 47;
    const ROWS: &'static [&'static str] = &["pg_ts_dict"];
    const QUERY: &'static str = "
        select 'pg_ts_dict'::regclass as class, d.oid as object, array[n.nspname, d.dictname] as path,
               quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname) as template,
               d.dictinitoption as options
        from pg_ts_dict d
        join pg_namespace n on n.oid = d.dictnamespace
        join pg_ts_template t on t.oid = d.dicttemplate
        join pg_namespace tn on tn.oid = t.tmplnamespace
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(TextSearchDictionary {
        template: Recreate(Breaking, "the template of a dictionary cannot be changed in place"),
        options: Alter(options),
    });

    fn sql(id: &Id) -> String {
        format!("TEXT SEARCH DICTIONARY {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let options = if self.options.is_empty() { String::new() } else { format!(", {}", self.options) };
        let sql = format!("CREATE {} (TEMPLATE = {}{options})", Self::sql(id), self.template);
        vec![Step::additive(sql, Lock::None, "a new dictionary; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that names the dictionary fails")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::None, "the old name stops working at the same instant"))
    }
}

fn options(edit: &Edit<TextSearchDictionary>) -> Vec<Step> {
    let kept = names(&edit.new.options);
    // An option without a value is removed; one with a value goes to the end of the list.
    let gone = names(&edit.old.options).into_iter().filter(|name| !kept.contains(name));
    let all = Some(edit.new.options.as_str()).filter(|options| !options.is_empty());
    let changes = gone.chain(all).collect::<Vec<_>>().join(", ");
    let sql = format!("ALTER {} ({changes})", TextSearchDictionary::sql(edit.id));
    vec![Step::data_dependent(sql, Lock::None, "texts are searched otherwise from now on")]
}

/// The names in a list as PostgreSQL wrote it: a comma inside quotes separates nothing.
fn names(options: &str) -> Vec<&str> {
    let mut quote = None;
    // A quote inside a text is doubled: it closes the text and opens it again.
    let parts = options.split(move |c: char| {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            _ => {}
        }
        quote.is_none() && c == ','
    });
    parts.filter_map(|part| part.split_once(" = ")).map(|(name, _)| name.trim()).collect()
}
