//! What a role gets on objects that another role will make: one object for each pair of them, each
//! schema and each type of object.
//!
//! An entry for all schemas takes the place of PostgreSQL's own default, so it can also take
//! away; an entry for one schema only adds. While one of the role that runs a plan is in force,
//! what that plan makes gets the grants by itself.

use super::grant::Grant;
use crate::{
    catalog::{Id, Object},
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    privilege::{Privileges, between},
    sql::ident,
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

/// The path: whose objects, in which schema (empty for all), of which type, for which role (empty
/// for the maker). Roles as SQL names them.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DefaultPrivilege {
    granted: Vec<String>,
    /// Those with grant option.
    grantable: Vec<String>,
    revoked: Vec<String>,
}

impl Kind for DefaultPrivilege {
    const NAME: &'static str = "default_privilege";
    /// After everything that a plan creates, so that only the old ones are in force till then.
    const RANK: u8 = 250;
    const ROWS: &'static [&'static str] = &["pg_default_acl"];
    const QUERY: &'static str = "
        with target as (
            select d.oid, d.defaclrole as owner, d.defaclacl as acl, n.nspname, k.type, k.word, r.rolname
            from pg_default_acl d
            join (values ('r', 'r', 'TABLES'), ('S', 's', 'SEQUENCES'), ('f', 'f', 'FUNCTIONS'), ('T', 'T', 'TYPES'),
                         ('n', 'n', 'SCHEMAS'), ('L', 'L', 'LARGE OBJECTS')) k (objtype, type, word)
                 on k.objtype = d.defaclobjtype::text
            join pg_roles r on r.oid = d.defaclrole
            left join pg_namespace n on n.oid = d.defaclnamespace
        ),
        one as (
            select oid, grantee, privilege,
                   bool_or(held) as held, bool_or(not held) as usual, bool_or(is_grantable) as grantable
            from (select t.oid, e.grantee, e.privilege_type as privilege, e.is_grantable, true as held
                  from target t, aclexplode(t.acl) e
                  union all
                  select t.oid, e.grantee, e.privilege_type, false, false
                  from target t, aclexplode(acldefault(t.type::\"char\", t.owner)) e
                  where t.nspname is null) entry
            group by oid, grantee, privilege
        ),
        many as (
            select oid, grantee,
                   array_agg(privilege order by place) filter (where held and not usual and not grantable) as granted,
                   array_agg(privilege order by place) filter (where grantable) as grantable,
                   array_agg(privilege order by place) filter (where usual and not held) as revoked
            from one, array_position(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES',
                                           'TRIGGER', 'MAINTAIN', 'USAGE', 'CREATE', 'EXECUTE'], privilege) place
            where held <> usual or grantable
            group by oid, grantee
        )
        select array[case when t.rolname = current_user then 'CURRENT_USER' else quote_ident(t.rolname) end,
                     coalesce(t.nspname, ''), t.word,
                     case when m.grantee = t.owner then '' when m.grantee = 0 then 'PUBLIC'
                          when e.rolname = current_user then 'CURRENT_USER' else quote_ident(e.rolname) end] as path,
               case when a.count = cardinality(m.granted) then array['ALL'] else m.granted end as granted,
               case when a.count = cardinality(m.grantable) then array['ALL'] else m.grantable end as grantable,
               case when a.count = cardinality(m.revoked) then array['ALL'] else m.revoked end as revoked
        from many m
        join target t on t.oid = m.oid
        left join pg_roles e on e.oid = m.grantee
        left join (select type, count(*) from unnest('{r,s,n,L}'::\"char\"[]) type, aclexplode(acldefault(type, 10))
                   group by type) a on a.type = t.type::\"char\"
        where m.grantee = 0 or e.oid is not null";
    const FIELDS: &'static [Field<Self>] =
        fields!(DefaultPrivilege { granted: Alter(alter), grantable: Alter(alter), revoked: Alter(alter) });
    const BRINGS: bool = true;

    fn sql(id: &Id) -> String {
        let [role, schema, ..] = &*id.path else { return String::new() };
        let mut sql = String::from("DEFAULT PRIVILEGES");
        if role != "CURRENT_USER" {
            sql += &format!(" FOR ROLE {role}");
        }
        if !schema.is_empty() {
            sql += &format!(" IN SCHEMA {}", ident(schema));
        }
        sql
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        steps(id, &Privileges::default(is_maker(id)), &self.privileges(id))
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        steps(id, &self.privileges(id), &Privileges::default(is_maker(id)))
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        let schema = id.path[1].as_str();
        (!schema.is_empty()).then(|| Id::new("schema", [schema])).into_iter().collect()
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        self.needs(id)
    }

    fn brings(&self, id: &Id, made: &Object) -> Option<Object> {
        let [role, schema, objects, grantee] = &*id.path else { return None };
        let (kind, word) = match made.id.kind {
            "table" | "view" | "materialized_view" | "foreign_table" => ("TABLES", ""),
            "sequence" | "identity" => ("SEQUENCES", "SEQUENCE"),
            "function" | "aggregate" => ("FUNCTIONS", "FUNCTION"),
            "procedure" => ("FUNCTIONS", "PROCEDURE"),
            "enumeration" | "domain" | "composite_type" | "range_type" | "base_type" => ("TYPES", "TYPE"),
            "schema" => ("SCHEMAS", "SCHEMA"),
            _ => return None,
        };
        let here = schema.is_empty() || made.id.path.len() > 1 && made.id.path[0] == *schema;
        if role != "CURRENT_USER" || objects != kind || !here {
            return None;
        }
        // What everybody or the maker has anyway, an entry for one schema does not bring.
        let anyway = !schema.is_empty()
            && (grantee.is_empty() || grantee == "PUBLIC" && matches!(kind, "FUNCTIONS" | "TYPES"));
        let grant = Grant {
            granted: if anyway { Vec::new() } else { self.granted.clone() },
            grantable: self.grantable.clone(),
            revoked: self.revoked.clone(),
            word: word.to_string(),
            owner: if grantee.is_empty() { "CURRENT_USER".to_string() } else { String::new() },
            ..Grant::default()
        };
        let nothing = grant.granted.is_empty() && grant.grantable.is_empty() && grant.revoked.is_empty();
        let hosts = || std::iter::once(made.id.clone()).collect();
        (!nothing).then(|| Object {
            id: super::grant::grant(&made.id, grantee, ""),
            body: Box::new(grant),
            needs: hosts(),
            dropped_with: hosts(),
            comes_with: std::collections::BTreeSet::new(),
        })
    }

    fn schema<'a>(&'a self, id: &'a Id) -> Option<&'a str> {
        Some(id.path[1].as_str()).filter(|schema| !schema.is_empty())
    }

    fn describe(id: &Id) -> String {
        let [role, schema, objects, grantee] = &*id.path else { return String::new() };
        let objects = objects.to_lowercase();
        let place = if schema.is_empty() { String::new() } else { format!(" in schema {}", ident(schema)) };
        let grantee = if grantee.is_empty() { "itself" } else { grantee };
        format!("default privileges on {objects} of {role}{place} for {grantee}")
    }
}

impl DefaultPrivilege {
    fn privileges(&self, id: &Id) -> Privileges<'_> {
        Privileges {
            granted: &self.granted,
            grantable: &self.grantable,
            revoked: &self.revoked,
            owner: is_maker(id),
        }
    }
}

fn alter(edit: &Edit<DefaultPrivilege>) -> Vec<Step> {
    steps(edit.id, &edit.old.privileges(edit.id), &edit.new.privileges(edit.id))
}

fn steps(id: &Id, old: &Privileges, new: &Privileges) -> Vec<Step> {
    let [maker, _, objects, grantee] = &*id.path else { return Vec::new() };
    let role = if grantee.is_empty() { maker } else { grantee };
    let change = |change: crate::privilege::Change| {
        let words = change.sql(&change.privileges.join(", "), objects, role);
        let sql = format!("ALTER {} {words}", DefaultPrivilege::sql(id));
        Step::additive(sql, Lock::None, "it concerns only objects made from now on")
    };
    between(old, new).into_iter().map(change).collect()
}

/// For all schemas, the maker has everything by default; for one, an entry may say so again.
fn is_maker(id: &Id) -> bool {
    id.path[3].is_empty() && id.path[1].is_empty()
}
