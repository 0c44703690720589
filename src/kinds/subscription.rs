//! Subscriptions. A plan makes them as pg_dump does: not connected and not enabled, for whoever
//! runs the publisher to turn on; whether one is enabled is therefore no difference.
//!
//! Only a superuser may read how one connects. Passwords are left out already by the query: they
//! are not compared, written or printed, and stay as they are.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{dotted, ident, idents, literal},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Subscription {
    /// Without secrets; empty where it may not be read.
    connection: String,
    /// A password was left out.
    secret: bool,
    publications: Vec<String>,
    /// Empty for none.
    slot: String,
    synchronous_commit: String,
    binary: bool,
    /// `on` or `parallel` (PostgreSQL 16); empty for off.
    streaming: String,
    two_phase: bool,
    disable_on_error: bool,
    /// Runs without a password; only superusers may.
    password_optional: bool,
    run_as_owner: bool,
    /// `none`; empty for any.
    origin: String,
    failover: bool,
}

impl Kind for Subscription {
    const NAME: &'static str = "subscription";
    const RANK: u8 = 205;
    const QUERY: &'static str = r"
        select 'pg_subscription'::regclass as class, s.oid as object, -- readable pg_subscription.oid
               c.told as connection, c.told <> s.subconninfo as secret, -- readable pg_subscription.subconninfo
               s.subpublications as publications, s.subslotname as slot,
               s.subsynccommit as synchronous_commit, -- readable pg_subscription.subsynccommit
               s.subbinary as binary, -- since 14
               case s.substream::text when 'p' then 'parallel' when 't' then 'on' when 'true' then 'on' end as streaming, -- since 14
               s.subtwophasestate <> 'd' as two_phase, -- since 15
               s.subdisableonerr as disable_on_error, -- since 15
               not s.subpasswordrequired as password_optional, -- since 16
               s.subrunasowner as run_as_owner, -- since 16
               nullif(s.suborigin, 'any') as origin, -- since 16
               s.subfailover as failover, -- since 17
               array[s.subname] as path
        from pg_subscription s
        join pg_database d on d.oid = s.subdbid
        cross join lateral regexp_replace(regexp_replace(regexp_replace(s.subconninfo, -- readable pg_subscription.subconninfo
            '^(\w+://[^:@/]*):[^@/]*@', '\1@'), -- readable pg_subscription.subconninfo
            '([?&])(\w*password|\w*secret|scram_\w+_key)=[^&]*&?', '\1', 'g'), -- readable pg_subscription.subconninfo
            '\m(\w*password|\w*secret|scram_\w+_key)\s*=\s*(''(\\.|[^''\\])*''|(\\.|[^\s''\\])*)\s*', '', 'g') c (told) -- readable pg_subscription.subconninfo
        where d.datname = current_database()";
    const FIELDS: &'static [Field<Self>] = fields!(Subscription {
        connection: When(connection),
        secret: Apart,
        publications: Alter(publications),
        slot: Alter(slot),
        synchronous_commit: Alter(synchronous_commit),
        binary: Alter(binary),
        streaming: Alter(streaming),
        two_phase: Recreate(
            Breaking,
            "two-phase commit is chosen when a subscription is made, before PostgreSQL 18"
        ),
        disable_on_error: Alter(disable_on_error),
        password_optional: Alter(password_optional),
        run_as_owner: Alter(run_as_owner),
        origin: Alter(origin),
        failover: When(failover),
    });

    fn sql(id: &Id) -> String {
        format!("SUBSCRIPTION {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let slot = if self.slot.is_empty() { "NONE".to_string() } else { literal(&self.slot) };
        let mut options = vec!["connect = false".to_string(), format!("slot_name = {slot}")];
        for (differs, option) in [
            (
                !matches!(self.synchronous_commit.as_str(), "" | "off"),
                format!("synchronous_commit = {}", literal(&self.synchronous_commit)),
            ),
            (self.binary, "binary = true".to_string()),
            (!self.streaming.is_empty(), format!("streaming = {}", self.streaming)),
            (self.two_phase, "two_phase = true".to_string()),
            (self.disable_on_error, "disable_on_error = true".to_string()),
            (self.password_optional, "password_required = false".to_string()),
            (self.run_as_owner, "run_as_owner = true".to_string()),
            (!self.origin.is_empty(), format!("origin = {}", self.origin)),
            (self.failover, "failover = true".to_string()),
        ] {
            if differs {
                options.push(option);
            }
        }
        let sql = format!(
            "CREATE {} CONNECTION {} PUBLICATION {} WITH ({})",
            Self::sql(id),
            literal(&self.connection),
            idents(&self.publications),
            options.join(", ")
        );
        let why = "it does nothing until it has its password and slot and is enabled";
        vec![Step::additive(sql, Lock::None, why)]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let alter = |rest: &str| {
            let sql = format!("ALTER {} {rest}", Self::sql(id));
            Step::breaking(sql, Lock::None, "its tables get no more changes")
        };
        let sql = format!("DROP {}", Self::sql(id));
        let gone =
            Step::breaking(sql, Lock::AccessExclusive, "the slot stays on the publisher: drop it there")
                .loses(format!("how far {} has come", dotted(&id.path)));
        // With a slot, DROP SUBSCRIPTION connects to the publisher and refuses a transaction.
        let slot = !self.slot.is_empty();
        let steps =
            [slot.then(|| alter("DISABLE")), slot.then(|| alter("SET (slot_name = NONE)")), Some(gone)];
        steps.into_iter().flatten().collect()
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::additive(sql, Lock::None, "it goes on under the new name"))
    }

    fn alike(&self, other: &Self) -> bool {
        self.publications == other.publications
    }
}

fn connection(edit: &Edit<Subscription>) -> Rule<Subscription> {
    if edit.old.connection.is_empty() || edit.new.connection.is_empty() {
        return Apart;
    }
    Alter(|edit| {
        let sql =
            format!("ALTER {} CONNECTION {}", Subscription::sql(edit.id), literal(&edit.new.connection));
        vec![Step::breaking(
            sql,
            Lock::None,
            "it connects elsewhere, and without a password until one is set",
        )]
    })
}

fn publications(edit: &Edit<Subscription>) -> Vec<Step> {
    let sql = format!(
        "ALTER {} SET PUBLICATION {} WITH (refresh = false)",
        Subscription::sql(edit.id),
        idents(&edit.new.publications)
    );
    vec![Step::breaking(sql, Lock::None, "its tables get other changes, once it is refreshed")]
}

fn set(edit: &Edit<Subscription>, option: &str) -> Vec<Step> {
    let sql = format!("ALTER {} SET ({option})", Subscription::sql(edit.id));
    vec![Step::additive(sql, Lock::None, "statements see no difference")]
}

fn slot(edit: &Edit<Subscription>) -> Vec<Step> {
    let slot = if edit.new.slot.is_empty() { "NONE".to_string() } else { literal(&edit.new.slot) };
    set(edit, &format!("slot_name = {slot}"))
}

fn synchronous_commit(edit: &Edit<Subscription>) -> Vec<Step> {
    set(edit, &format!("synchronous_commit = {}", literal(&edit.new.synchronous_commit)))
}

fn binary(edit: &Edit<Subscription>) -> Vec<Step> {
    set(edit, &format!("binary = {}", edit.new.binary))
}

fn streaming(edit: &Edit<Subscription>) -> Vec<Step> {
    let streaming = if edit.new.streaming.is_empty() { "off" } else { &edit.new.streaming };
    set(edit, &format!("streaming = {streaming}"))
}

fn disable_on_error(edit: &Edit<Subscription>) -> Vec<Step> {
    set(edit, &format!("disable_on_error = {}", edit.new.disable_on_error))
}

fn password_optional(edit: &Edit<Subscription>) -> Vec<Step> {
    set(edit, &format!("password_required = {}", !edit.new.password_optional))
}

fn run_as_owner(edit: &Edit<Subscription>) -> Vec<Step> {
    set(edit, &format!("run_as_owner = {}", edit.new.run_as_owner))
}

fn origin(edit: &Edit<Subscription>) -> Vec<Step> {
    set(edit, &format!("origin = {}", if edit.new.origin.is_empty() { "any" } else { &edit.new.origin }))
}

fn failover(edit: &Edit<Subscription>) -> Rule<Subscription> {
    if edit.old.slot.is_empty() || edit.new.slot.is_empty() {
        return Recreate(Breaking, "PostgreSQL changes failover only together with that of the slot");
    }
    Alter(|edit| set(edit, &format!("failover = {}", edit.new.failover)))
}
