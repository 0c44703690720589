//! Event triggers: last of all, so that they do not fire on the rest of the plan.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{ident, literal},
    step::{
        Class::{Additive, Breaking},
        Lock, Step,
    },
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EventTrigger {
    /// `ddl_command_end`, `login`, …
    event: String,
    /// The commands that it is for; empty for all.
    tags: Vec<String>,
    /// `public.log_ddl()`
    function: String,
    /// `DISABLE`, `ENABLE REPLICA`, `ENABLE ALWAYS`; empty when it is simply enabled.
    firing: String,
}

impl Kind for EventTrigger {
    const NAME: &'static str = "event_trigger";
    const RANK: u8 = 250;
    const ROWS: &'static [&'static str] = &["pg_event_trigger"];
    const QUERY: &'static str = "
        select 'pg_event_trigger'::regclass as class, e.oid as object, array[e.evtname] as path,
               e.evtevent as event,
               array(select t from unnest(e.evttags) t order by t) as tags,
               format('%I.%I()', n.nspname, p.proname) as function,
               case e.evtenabled when 'D' then 'DISABLE' when 'R' then 'ENABLE REPLICA' when 'A' then 'ENABLE ALWAYS'
               end as firing
        from pg_event_trigger e
        join pg_proc p on p.oid = e.evtfoid
        join pg_namespace n on n.oid = p.pronamespace";
    const FIELDS: &'static [Field<Self>] = fields!(EventTrigger {
        event: Recreate(Breaking, "it runs at another event"),
        tags: Recreate(Additive, COMMANDS),
        function: Recreate(Additive, COMMANDS),
        firing: Alter(fire),
    });

    fn sql(id: &Id) -> String {
        format!("EVENT TRIGGER {}", ident(id.name()))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let tags: Vec<String> = self.tags.iter().map(|tag| literal(tag)).collect();
        let when = match tags.as_slice() {
            [] => String::new(),
            tags => format!("\n    WHEN TAG IN ({})", tags.join(", ")),
        };
        let sql = format!(
            "CREATE {} ON {}{when}\n    EXECUTE FUNCTION {}",
            Self::sql(id),
            ident(&self.event),
            self.function
        );
        let step = match self.event.as_str() {
            "login" => Step::breaking(sql, Lock::None, "it may refuse the running code's connections"),
            _ => Step::additive(sql, Lock::None, COMMANDS),
        };
        let fires = (!self.firing.is_empty()).then(|| self.fires(id));
        std::iter::once(step).chain(fires).collect()
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        vec![Step::additive(format!("DROP {}", Self::sql(id)), Lock::None, COMMANDS)]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::additive(sql, Lock::None, "its name decides only when it fires among others"))
    }
}

impl EventTrigger {
    fn fires(&self, id: &Id) -> Step {
        let firing = if self.firing.is_empty() { "ENABLE" } else { &self.firing };
        let sql = format!("ALTER {} {firing}", Self::sql(id));
        match (self.event.as_str(), firing) {
            ("login", "ENABLE" | "ENABLE ALWAYS") => {
                Step::breaking(sql, Lock::None, "it may refuse the running code's connections")
            }
            _ => Step::additive(sql, Lock::None, COMMANDS),
        }
    }
}

const COMMANDS: &str = "it concerns commands that change the schema, not reads and writes";

fn fire(edit: &Edit<EventTrigger>) -> Vec<Step> {
    vec![edit.new.fires(edit.id)]
}
