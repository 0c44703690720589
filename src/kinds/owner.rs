//! Who owns an object, where that is not the role that plans: one kind for the whole catalog.
//!
//! Indexes, and sequences that a column owns, follow their table, and PostgreSQL refuses to give
//! them an owner of their own. A change of owner also rewrites the object's grants: what the old
//! owner granted, the new one has granted then.

use crate::{
    catalog::Id,
    kind::{self, Edit, Field, Kind, Part, Rule::*, fields},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Owner {
    /// As SQL names it: quoted, or `CURRENT_USER`.
    role: String,
    /// Who owns it in a new database; only schema public is there from the start.
    initial: String,
}

impl Kind for Owner {
    const NAME: &'static str = "owner";
    const RANK: u8 = 230;
    const QUERY: &'static str = "
        select o.class as target_class, o.object as target_object,
               case when r.rolname = current_user then 'CURRENT_USER' else quote_ident(r.rolname) end as role,
               case when i.rolname = current_user then 'CURRENT_USER' else quote_ident(i.rolname) end as initial
        from (select 'pg_class'::regclass as class, c.oid as object, c.relowner as owner, 0 as initial
              from pg_class c
              where c.relkind in ('r', 'p', 'v', 'm', 'f')
                 or c.relkind = 'S' and not exists
                    (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
                     and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') and d.refobjsubid > 0)
              union all select 'pg_namespace'::regclass, oid, nspowner,
                               case when nspname = 'public' then
                                   6171 -- since 15
                                   10 -- before 15
                               else 0 end
              from pg_namespace
              union all select 'pg_proc'::regclass, oid, proowner, 0 from pg_proc
              union all select 'pg_type'::regclass, oid, typowner, 0 from pg_type
              union all select 'pg_operator'::regclass, oid, oprowner, 0 from pg_operator
              union all select 'pg_opclass'::regclass, oid, opcowner, 0 from pg_opclass
              union all select 'pg_opfamily'::regclass, oid, opfowner, 0 from pg_opfamily
              union all select 'pg_collation'::regclass, oid, collowner, 0 from pg_collation
              union all select 'pg_conversion'::regclass, oid, conowner, 0 from pg_conversion
              union all select 'pg_language'::regclass, oid, lanowner, 0 from pg_language
              union all select 'pg_ts_dict'::regclass, oid, dictowner, 0 from pg_ts_dict
              union all select 'pg_ts_config'::regclass, oid, cfgowner, 0 from pg_ts_config
              union all select 'pg_statistic_ext'::regclass, oid, stxowner, 0 from pg_statistic_ext
              union all select 'pg_event_trigger'::regclass, oid, evtowner, 0 from pg_event_trigger
              union all select 'pg_foreign_data_wrapper'::regclass, oid, fdwowner, 0 from pg_foreign_data_wrapper
              union all select 'pg_foreign_server'::regclass, oid, srvowner, 0 from pg_foreign_server
              union all select 'pg_publication'::regclass, oid, pubowner, 0 from pg_publication
              union all select 'pg_subscription'::regclass, oid, subowner, 0 from pg_subscription -- readable pg_subscription.oid
             ) o
        join pg_roles r on r.oid = o.owner
        left join pg_roles i on i.oid = o.initial
        where (o.object >= 16384 or o.initial <> 0) and r.rolname <> coalesce(i.rolname, current_user)";
    const FIELDS: &'static [Field<Self>] = fields!(Owner { role: Alter(alter), initial: Apart });

    fn sql(id: &Id) -> String {
        kind::target(id, 0).map_or_else(String::new, |target| kind::of(&target).sql(&target))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        vec![own(id, &self.role)]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        vec![own(id, if self.initial.is_empty() { "CURRENT_USER" } else { &self.initial })]
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        kind::target(id, 0).into_iter().collect()
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        kind::target(id, 0).into_iter().collect()
    }

    fn comes_after(&self, id: &Id) -> Vec<Id> {
        // A new owner must be allowed to create in the schema.
        let target = kind::target(id, 0).filter(|target| target.path.len() > 1);
        target
            .map(|target| super::grant::grant(&target.of("schema", 1), &self.role, ""))
            .into_iter()
            .collect()
    }

    fn role(&self) -> Option<&str> {
        Some(&self.role)
    }

    fn describe(id: &Id) -> String {
        kind::target(id, 0).map_or_else(String::new, |target| format!("owner of {target}"))
    }
}

/// The identity of an object's owner.
pub fn owner(target: &Id) -> Id {
    Id::new(Owner::NAME, std::iter::once(target.kind).chain(target.path.iter().map(String::as_str)))
}

fn own(id: &Id, role: &str) -> Step {
    let sql = format!("ALTER {} OWNER TO {role}", Owner::sql(id));
    Step::breaking(sql, Lock::AccessExclusive, "the old owner loses the rights that owning gave it")
}

fn alter(edit: &Edit<Owner>) -> Vec<Step> {
    edit.new.create(edit.id, &[])
}
