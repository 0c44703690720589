//! What one role may do with an object, on top of what PostgreSQL allows by default, and what of
//! that default was revoked: one object for each role and each role that granted.
//!
//! An object whose ACL is null has none, nor has one whose ACL says no more than the default.
//! Schema public starts with privileges of its own, and so may what an extension makes. Of that,
//! grants are the only thing that is not left to the extension. A grant made by another role than the owner
//! can be made and revoked by that role only, so the statement runs as it: `GRANTED BY` accepts no
//! role but the current one. `SET ROLE`, unlike `SET SESSION AUTHORIZATION`, needs no superuser.

use super::owner::owner;
use crate::{
    catalog::Id,
    kind::{self, Edit, Field, Kind, Part, Rule::*, fields},
    privilege::{Privileges, between},
    sql::{dotted, ident},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

/// The path ends in the role that has it and the role that granted it, as SQL names them; empty
/// for the owner.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Grant {
    pub granted: Vec<String>,
    /// Those with grant option.
    pub grantable: Vec<String>,
    pub revoked: Vec<String>,
    /// What GRANT calls the object: `FUNCTION`; empty for tables and all that it calls so.
    pub word: String,
    /// The one that the object belongs to.
    pub extension: String,
    /// From whom the role that granted may grant, where that is not the owner.
    pub through: Vec<String>,
    /// The owner's name, where it is the owner who has or lacks it.
    pub owner: String,
}

impl Kind for Grant {
    const NAME: &'static str = "grant";
    const RANK: u8 = 235;
    const QUERY: &'static str = "
        with target (class, object, sub, owner, acl, type, word) as (
            select 'pg_class'::regclass, c.oid, 0, c.relowner, c.relacl,
                   (case c.relkind when 'S' then 's' else 'r' end)::\"char\",
                   case c.relkind when 'S' then 'SEQUENCE' end
            from pg_class c
            where c.oid >= 16384 and c.relacl is not null and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
            union all
            select 'pg_class'::regclass, c.oid, a.attnum, c.relowner, a.attacl, 'c', null
            from pg_attribute a join pg_class c on c.oid = a.attrelid
            where a.attrelid >= 16384 and a.attacl is not null and not a.attisdropped
            union all
            select 'pg_proc'::regclass, oid, 0, proowner, proacl, 'f',
                   case prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end
            from pg_proc where proacl is not null
            union all
            select 'pg_type'::regclass, oid, 0, typowner, typacl, 'T', 'TYPE'
            from pg_type where oid >= 16384 and typacl is not null
            union all
            select 'pg_namespace'::regclass, oid, 0, nspowner, coalesce(nspacl, acldefault('n', nspowner)),
                   'n', 'SCHEMA'
            from pg_namespace where nspacl is not null or nspname = 'public'
            union all
            select 'pg_language'::regclass, oid, 0, lanowner, lanacl, 'l', 'LANGUAGE'
            from pg_language where lanacl is not null
            union all
            select 'pg_foreign_data_wrapper'::regclass, oid, 0, fdwowner, fdwacl, 'F', 'FOREIGN DATA WRAPPER'
            from pg_foreign_data_wrapper where fdwacl is not null
            union all
            select 'pg_foreign_server'::regclass, oid, 0, srvowner, srvacl, 'S', 'FOREIGN SERVER'
            from pg_foreign_server where srvacl is not null
        ),
        entry as (
            select t.*, e.grantee, e.grantor, e.privilege_type as privilege, e.is_grantable, true as held
            from target t, aclexplode(t.acl) e
            union all
            select t.*, e.grantee, e.grantor, e.privilege_type, false, false
            from target t
            left join pg_init_privs i on i.objoid = t.object and i.classoid = t.class and i.objsubid = t.sub
                 and t.object is distinct from to_regnamespace('public'),
            aclexplode(coalesce(i.initprivs, acldefault(t.type, t.owner))) e
            union all
            select t.*, 0, t.owner, privilege, false, false
            from target t, unnest(array[
                'CREATE', -- before 15
                'USAGE']) privilege
            where t.class = 'pg_namespace'::regclass and t.object = to_regnamespace('public')
        ),
        one as (
            select class, object, sub, owner, type, word, grantee, grantor, privilege,
                   bool_or(held) as held, bool_or(not held) as usual, bool_or(is_grantable) as grantable
            from entry
            group by class, object, sub, owner, type, word, grantee, grantor, privilege
        ),
        many as (
            select class, object, sub, owner, type, word, grantee, grantor,
                   array_agg(privilege order by place) filter (where held and not usual and not grantable) as granted,
                   array_agg(privilege order by place) filter (where grantable) as grantable,
                   array_agg(privilege order by place) filter (where usual and not held) as revoked
            from one, array_position(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES',
                                           'TRIGGER', 'MAINTAIN', 'USAGE', 'CREATE', 'EXECUTE'], privilege) place
            where held <> usual or grantable
            group by class, object, sub, owner, type, word, grantee, grantor
        )
        select case when x.extname is null then m.class end as target_class,
               case when x.extname is null then m.object end as target_object, m.sub as target_sub,
               x.extname as extension,
               case when x.extname is not null then
                   array[regexp_replace(regexp_replace(o.type, '^(foreign )?table column', 'column'), '[ -]', '_', 'g')]
                   || o.object_names
                   || case when m.type = 'f' then array[array_to_string(o.object_args, ', ')] else '{}' end
               else '{}' end
               || array[case when m.grantee = m.owner then '' when m.grantee = 0 then 'PUBLIC'
                          when e.rolname = current_user then 'CURRENT_USER' else quote_ident(e.rolname) end,
                     case when m.grantor = m.owner then ''
                          when g.rolname = current_user then 'CURRENT_USER' else quote_ident(g.rolname) end] as path,
               case when a.count = cardinality(m.granted) then array['ALL'] else m.granted end as granted,
               case when a.count = cardinality(m.grantable) then array['ALL'] else m.grantable end as grantable,
               case when a.count = cardinality(m.revoked) then array['ALL'] else m.revoked end as revoked,
               m.word, h.through,
               case when m.grantee = m.owner then
                   case when e.rolname = current_user then 'CURRENT_USER' else quote_ident(e.rolname) end end as owner
        from many m
        join pg_roles g on g.oid = m.grantor
        left join pg_roles e on e.oid = m.grantee
        left join (select type, count(*) from unnest('{r,s,n}'::\"char\"[]) type, aclexplode(acldefault(type, 10))
                   group by type union all select 'c', 4) a on a.type = m.type
        left join (select m.class, m.object, m.sub, m.grantor,
                          array_agg(distinct case when t.grantor = t.owner then ''
                              when r.rolname = current_user then 'CURRENT_USER' else quote_ident(r.rolname) end) as through
                   from many m
                   join many t on t.class = m.class and t.object = m.object and t.sub in (0, m.sub)
                        and t.grantee = m.grantor and t.grantable is not null
                   join pg_roles r on r.oid = t.grantor
                   where m.grantor <> m.owner
                   group by m.class, m.object, m.sub, m.grantor) h
             on h.class = m.class and h.object = m.object and h.sub = m.sub and h.grantor = m.grantor
        left join pg_depend d on d.classid = m.class and d.objid = m.object and d.objsubid = 0 and d.deptype = 'e'
        left join pg_extension x on x.oid = d.refobjid
        left join lateral (select o.* from pg_identify_object_as_address(m.class, m.object, m.sub) o
                           where x.oid is not null and m.type <> 'T'
                           union all
                           select case y.typtype when 'c' then 'composite type' when 'd' then 'domain'
                                       when 'e' then 'enumeration' when 'r' then 'range type' else 'base type' end,
                                  array[yn.nspname, y.typname]::text[], '{}'::text[]
                           from pg_type y join pg_namespace yn on yn.oid = y.typnamespace
                           where y.oid = m.object and x.oid is not null and m.type = 'T') o on true
        where (m.grantee = 0 or e.oid is not null)
          and (m.object >= 16384 or m.object = to_regnamespace('public') or x.oid is not null)
          and (x.oid is null or o.type is not null)";
    const FIELDS: &'static [Field<Self>] = fields!(Grant {
        granted: Alter(alter),
        grantable: Alter(alter),
        revoked: Alter(alter),
        word: Apart,
        extension: Apart,
        through: Apart,
        owner: Apart,
    });

    fn sql(id: &Id) -> String {
        target(id).map_or_else(String::new, |target| kind::of(&target).sql(&target))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        self.steps(id, &Privileges::default(is_owner(id)), &self.privileges(id))
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        self.steps(id, &self.privileges(id), &Privileges::default(is_owner(id)))
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        let Some(target) = target(id) else { return Vec::new() };
        let mut needs = Vec::new();
        let (_, grantor) = names(id);
        for through in &self.through {
            needs.push(grant(&target, grantor, through));
            // Who may grant on a table may grant on its columns.
            needs.extend(tables(&target).map(|table| grant(&table, grantor, through)));
        }
        if !grantor.is_empty() && target.path.len() > 1 {
            // It must find the object.
            needs.extend([grantor, "PUBLIC"].map(|role| grant(&target.of("schema", 1), role, "")));
        }
        needs.extend(self.dropped_with(id));
        needs
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        if self.extension.is_empty() {
            target(id).into_iter().collect()
        } else {
            vec![Id::new("extension", [self.extension.as_str()])]
        }
    }

    fn comes_after(&self, id: &Id) -> Vec<Id> {
        let targets = target(id).into_iter();
        targets
            .flat_map(|target| {
                tables(&target).chain([target.clone()]).map(|of| owner(&of)).collect::<Vec<_>>()
            })
            .collect()
    }

    fn is_usual(&self, id: &Id, major: u32) -> bool {
        // Before 15 everybody might create in schema public, and its owner was a role that could log in.
        let on_public = target(id) == Some(Id::new("schema", ["public"]));
        let (role, grantor) = names(id);
        let all = ["CREATE", "USAGE", "ALL"];
        let only = Grant { granted: self.granted.clone(), word: self.word.clone(), ..Grant::default() };
        major < 15
            && on_public
            && ["PUBLIC", "CURRENT_USER"].contains(&role)
            && grantor.is_empty()
            && self.granted.iter().all(|privilege| all.contains(&privilege.as_str()))
            && *self == only
    }

    fn describe(id: &Id) -> String {
        let Some(target) = target(id) else { return String::new() };
        match names(id) {
            ("", _) => format!("privileges of the owner of {target}"),
            (role, "") => format!("grant on {target} to {role}"),
            (role, grantor) => format!("grant on {target} to {role} by {grantor}"),
        }
    }
}

impl Grant {
    fn privileges(&self, id: &Id) -> Privileges<'_> {
        Privileges {
            granted: &self.granted,
            grantable: &self.grantable,
            revoked: &self.revoked,
            owner: is_owner(id),
        }
    }

    fn steps(&self, id: &Id, old: &Privileges, new: &Privileges) -> Vec<Step> {
        let Some(target) = target(id) else { return Vec::new() };
        let (role, grantor) = names(id);
        let role = match role {
            "" => self.owner.as_str(),
            // It would be the grantor.
            "CURRENT_USER" if !grantor.is_empty() => "SESSION_USER",
            role => role,
        };
        let (on, lock) = self.on(&target);
        let written = |privilege: &String| match target.path.get(2) {
            Some(column) if self.word.is_empty() => format!("{privilege} ({})", ident(column)),
            _ => privilege.clone(),
        };
        let mut steps: Vec<Step> = between(old, new)
            .iter()
            .map(|change| {
                let list = change.privileges.iter().map(written).collect::<Vec<_>>().join(", ");
                let sql = change.sql(&list, &on, role);
                if change.takes() {
                    Step::breaking(sql, lock, "statements that rely on the privilege fail at once")
                } else {
                    Step::additive(sql, lock, "it only allows more")
                }
            })
            .collect();
        if !grantor.is_empty() && !steps.is_empty() {
            let act = |sql: String| {
                Step::additive(sql, Lock::None, "only the role that grants can grant and revoke it")
            };
            steps.insert(0, act(format!("SET ROLE {grantor}")));
            steps.push(act("RESET ROLE".to_string()));
        }
        steps
    }

    /// The object as GRANT names it, and the lock that this takes (on tables from PostgreSQL 18).
    fn on(&self, target: &Id) -> (String, Lock) {
        let path = &target.path;
        match self.word.as_str() {
            "" => (format!("TABLE {}", dotted(&path[..2])), Lock::AccessShare),
            "SEQUENCE" if target.kind == "identity" => (kind::of(target).sql(target), Lock::None),
            word @ ("FUNCTION" | "PROCEDURE") => {
                (format!("{word} {}({})", dotted(&path[..2]), path[2]), Lock::None)
            }
            word => (format!("{word} {}", dotted(path)), Lock::None),
        }
    }
}

fn alter(edit: &Edit<Grant>) -> Vec<Step> {
    edit.new.steps(edit.id, &edit.old.privileges(edit.id), &edit.new.privileges(edit.id))
}

/// The identity of what `role` has on `target` from `grantor`; empty for the owner.
pub fn grant(target: &Id, role: &str, grantor: &str) -> Id {
    let path = std::iter::once(target.kind).chain(target.path.iter().map(String::as_str));
    Id::new(Grant::NAME, path.chain([role, grantor]))
}

/// What a column may be a column of.
fn tables(target: &Id) -> impl Iterator<Item = Id> {
    let kinds = ["table", "foreign_table", "view", "materialized_view"];
    let kinds = kinds.into_iter().filter(|_| matches!(target.kind, "column" | "view_column" | "identity"));
    kinds.map(|kind| target.of(kind, 2))
}

fn target(id: &Id) -> Option<Id> {
    kind::target(id, 2)
}

/// Who has it, and who granted it.
fn names(id: &Id) -> (&str, &str) {
    let end = id.path.len();
    (&id.path[end - 2], &id.path[end - 1])
}

/// An owner has everything by default, though on no column by itself.
fn is_owner(id: &Id) -> bool {
    names(id).0.is_empty() && target(id).is_some_and(|target| !target.kind.ends_with("column"))
}
