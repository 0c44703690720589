//! `SECURITY LABEL ON` anything: one kind for the whole catalog, one object for each provider.

use crate::{
    catalog::Id,
    kind::{self, Edit, Field, Kind, Part, Rule::*, fields},
    sql::{ident, literal},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

/// The path ends in the provider.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SecurityLabel {
    label: String,
}

impl Kind for SecurityLabel {
    const NAME: &'static str = "security_label";
    const RANK: u8 = 238;
    const QUERY: &'static str = "
        select classoid as target_class, objoid as target_object, objsubid as target_sub,
               array[provider] as path, label
        from pg_seclabel
        where objoid >= 16384 or classoid = 'pg_namespace'::regclass
        union all
        select classoid, objoid, 0, array[provider], label
        from pg_shseclabel
        where classoid = 'pg_subscription'::regclass";
    const FIELDS: &'static [Field<Self>] = fields!(SecurityLabel { label: Alter(set) });

    fn sql(id: &Id) -> String {
        kind::target(id, 1).map_or_else(String::new, |target| kind::of(&target).sql(&target))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        vec![label(id, &literal(&self.label))]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        vec![label(id, "NULL")]
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        kind::target(id, 1).into_iter().collect()
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        kind::target(id, 1).into_iter().collect()
    }

    fn describe(id: &Id) -> String {
        let target = kind::target(id, 1);
        target
            .map_or_else(String::new, |target| format!("security label of {} on {target}", ident(id.name())))
    }
}

fn label(id: &Id, text: &str) -> Step {
    let sql = format!("SECURITY LABEL FOR {} ON {} IS {text}", ident(id.name()), SecurityLabel::sql(id));
    Step::breaking(sql, Lock::None, "what the label allows is its provider's to say")
}

fn set(edit: &Edit<SecurityLabel>) -> Vec<Step> {
    edit.new.create(edit.id, &[])
}

#[cfg(test)]
mod tests {
    use crate::{catalog::from_facts, diff::diff, order::order};

    #[test]
    fn a_label_is_set_and_cleared() {
        let bare = "table public.t\n";
        let labelled = "security_label table.public.t.\"Odd\"\n\
            security_label table.public.t.\"Odd\" label = \"it's\"\n\
            security_label table.public.t.\"Odd\" dropped-with table public.t\n\
            table public.t\n";
        let [bare, labelled] =
            [bare, labelled].map(|facts| from_facts(150_000, facts).expect("these are facts"));
        let plan = |old, new| -> Vec<String> {
            let steps = order(diff(old, new)).expect("nothing waits for itself");
            steps.into_iter().map(|placed| placed.step.sql).collect()
        };
        assert_eq!(plan(&bare, &labelled), ["SECURITY LABEL FOR \"Odd\" ON TABLE public.t IS 'it''s'"]);
        assert_eq!(plan(&labelled, &bare), ["SECURITY LABEL FOR \"Odd\" ON TABLE public.t IS NULL"]);
    }
}
