//! A database as text, read from its catalog: what stands in for pg_dump on servers newer than this machine's.
//! Separate from the planner's reading on purpose: it knows no kinds, it copies rows and names what they point to.

use std::collections::BTreeMap;

use postgres::{Client, Error};

/// A catalog whose rows are listed, which of them, and what to say beside the columns.
struct Catalog {
    name: &'static str,
    identity: &'static str,
    filter: &'static str,
    definition: &'static str,
}

/// A catalog and a column of it, to the catalog whose rows it counts, and whether it is an array.
type References = BTreeMap<(String, String), (String, bool)>;

const fn plain(name: &'static str, definition: &'static str) -> Catalog {
    Catalog { name, identity: "c.oid, 0", filter: "true", definition }
}

/// Rows of these have a text of their own, which replaces their expression trees and column numbers.
const CATALOGS: &[Catalog] = &[
    Catalog {
        filter: "relkind <> 't' and relnamespace <> 'pg_toast'::regnamespace",
        ..plain(
            "pg_class",
            "case when relkind in ('v', 'm') then pg_get_viewdef(c.oid) when relispartition and relkind <> 'I'
             and relkind <> 'i' then pg_get_expr(relpartbound, c.oid) end",
        )
    },
    Catalog {
        identity: "attrelid, attnum",
        filter: "attnum > 0 and not attisdropped and attrelid >= 16384 and exists (select from pg_class r
            where r.oid = attrelid and relkind <> 't' and relnamespace <> 'pg_toast'::regnamespace)",
        ..plain("pg_attribute", "format_type(atttypid, atttypmod)")
    },
    plain("pg_attrdef", "pg_get_expr(adbin, adrelid)"),
    // Those that are there because a parent has them go by the parent's, whatever their names are, and
    // PostgreSQL names those behind NOT NULL after where the column was first.
    Catalog {
        filter: "(conislocal or coninhcount = 0)
            and not (contype = 'n' and convalidated and not connoinherit and conname ~ '_not_null[0-9]*$')",
        ..plain("pg_constraint", "pg_get_constraintdef(c.oid)")
    },
    Catalog {
        identity: "indexrelid, 0",
        filter: "exists (select from pg_class r where r.oid = indexrelid
            and relnamespace <> 'pg_toast'::regnamespace) and indexrelid >= 16384",
        ..plain("pg_index", "pg_get_indexdef(indexrelid)")
    },
    Catalog {
        identity: "inhrelid, 0",
        ..plain("pg_inherits", "row_number() over (partition by inhrelid order by inhseqno)::text")
    },
    Catalog { identity: "partrelid, 0", ..plain("pg_partitioned_table", "pg_get_partkeydef(partrelid)") },
    plain("pg_rewrite", "pg_get_ruledef(c.oid)"),
    Catalog { filter: "not tgisinternal", ..plain("pg_trigger", "pg_get_triggerdef(c.oid)") },
    plain("pg_policy", "concat(pg_get_expr(polqual, polrelid), ' / ', pg_get_expr(polwithcheck, polrelid))"),
    plain("pg_proc", "case when prokind <> 'a' then pg_get_functiondef(c.oid) end"),
    Catalog { identity: "aggfnoid, 0", filter: "aggfnoid::oid >= 16384", ..plain("pg_aggregate", "''") },
    Catalog {
        filter: "not exists (select from pg_class r where r.oid = typrelid and relkind = 't')",
        ..plain("pg_type", "''")
    },
    Catalog {
        identity: "enumtypid, 0",
        ..plain("pg_enum", "row_number() over (partition by enumtypid order by enumsortorder)::text")
    },
    Catalog { identity: "rngtypid, 0", filter: "rngtypid >= 16384", ..plain("pg_range", "''") },
    Catalog {
        filter: "nspname !~ '^pg_(toast|temp)' and (c.oid >= 16384 or nspname = 'public')",
        ..plain("pg_namespace", "''")
    },
    plain("pg_extension", "''"),
    plain("pg_statistic_ext", "pg_get_statisticsobjdef(c.oid)"),
    plain("pg_publication", "''"),
    plain(
        "pg_publication_rel",
        "(select string_agg(attname, ',' order by attname) from pg_attribute a
          where attrelid = prrelid and attnum = any(prattrs))",
    ),
    plain("pg_publication_namespace", "''"),
    Catalog {
        filter: "subdbid = (select oid from pg_database where datname = current_database())",
        ..plain("pg_subscription", "''")
    },
    plain("pg_foreign_data_wrapper", "''"),
    plain("pg_foreign_server", "''"),
    plain("pg_user_mapping", "''"),
    Catalog { identity: "ftrelid, 0", ..plain("pg_foreign_table", "''") },
    plain("pg_operator", "''"),
    plain("pg_opclass", "''"),
    plain("pg_opfamily", "''"),
    plain("pg_amop", "''"),
    plain("pg_amproc", "''"),
    plain("pg_cast", "''"),
    plain("pg_conversion", "''"),
    plain("pg_collation", "''"),
    plain("pg_ts_config", "''"),
    Catalog { identity: "mapcfg, 0", filter: "mapcfg >= 16384", ..plain("pg_ts_config_map", "''") },
    plain("pg_ts_dict", "''"),
    plain("pg_ts_parser", "''"),
    plain("pg_ts_template", "''"),
    Catalog { filter: "c.oid >= 16384 or lanname = 'plpgsql'", ..plain("pg_language", "''") },
    plain("pg_event_trigger", "''"),
    plain("pg_am", "''"),
    plain("pg_default_acl", "''"),
];

/// Numbers that depend on how a state was reached, and expression trees, which hold such numbers.
///
/// A key that was a partition's is marked as not inherited otherwise than one that never was; for
/// what can be inherited or not, the definition says it. Which of several equal keys a foreign key relies on
/// is whichever was first when it was made; the index of a key itself has its name. Numbers of parents have gaps where
/// one has left.
const LEFT_OUT: &[&str] = &[
    "conindid",
    "inhseqno",
    "connoinherit",
    "oid",
    "relfilenode",
    "relpages",
    "reltuples",
    "relallvisible",
    "relallfrozen",
    "relfrozenxid",
    "relminmxid",
    "reltoastrelid",
    "relhasindex",
    "relhasrules",
    "relhastriggers",
    "relhassubclass",
    "relchecks",
    "relnatts",
    "relrewrite",
    "attnum",
    "attndims",
    "attcacheoff",
    "atthasmissing",
    "attmissingval",
    "adnum",
    "conkey",
    "confkey",
    "confdelsetcols",
    "indkey",
    "indcheckxmin",
    "partattrs",
    "tgattr",
    "tgconstraint",
    "enumsortorder",
    "stxkeys",
    "prattrs",
    "subdbid",
    "extversion",
];

/// One paragraph to a row, each below a line that begins as pg_dump's headers do.
pub fn list(client: &mut Client) -> Result<String, Error> {
    client.batch_execute("set search_path = pg_catalog")?;
    let references = references(client)?;
    let mut text = String::new();
    for catalog in CATALOGS {
        let Some(query) = query(client, catalog, &references)? else { continue };
        for row in client.query(&query, &[])? {
            let (identity, facts): (Option<String>, String) = (row.get(0), row.get(1));
            let name = identity.unwrap_or_default();
            text.push_str(&format!("-- Name: {name}; Type: {};\n{facts}\n", catalog.name));
        }
    }
    for row in client.query(COMMENTS, &[])? {
        let (identity, comment): (Option<String>, String) = (row.get(0), row.get(1));
        text.push_str(&format!("-- Name: comment {};\n{comment}\n", identity.unwrap_or_default()));
    }
    Ok(text)
}

const COMMENTS: &str = "select concat((pg_identify_object(classoid, objoid, objsubid)).type, ' ',
        (pg_identify_object(classoid, objoid, objsubid)).identity), description from pg_description d
    where (objoid >= 16384 or objoid = to_regnamespace('public')) and not exists (select from pg_depend e
        where e.classid = d.classoid and e.objid = d.objoid and e.deptype = 'e')
    order by 1, 2";

/// Which column holds the number of a row of which catalog, by PostgreSQL's own list (since 14).
fn references(client: &mut Client) -> Result<References, Error> {
    let rows = client.query(
        "select fktable::text, fkcols[1], pktable::text, is_array from pg_get_catalog_foreign_keys()
         where cardinality(fkcols) = 1",
        &[],
    )?;
    let pair = |row: postgres::Row| ((row.get(0), row.get(1)), (row.get(2), row.get(3)));
    Ok(rows.into_iter().map(pair).collect())
}

/// The query that lists one catalog; None where this version of PostgreSQL has no such catalog.
fn query(client: &mut Client, catalog: &Catalog, references: &References) -> Result<Option<String>, Error> {
    let Catalog { name, identity, filter, definition } = catalog;
    let columns = client.query(
        "select attname::text, atttypid::regtype::text from pg_attribute
         where attrelid = to_regclass($1::text) and (attnum > 0 or attname = 'oid') and not attisdropped
         order by attname",
        &[name],
    )?;
    let has_own_number = columns.iter().any(|row| row.get::<_, &str>(0) == "oid");
    let mut facts = vec![format!("'= ' || coalesce({definition}, '')")];
    for row in &columns {
        let (column, kind): (&str, &str) = (row.get(0), row.get(1));
        let value = match references.get(&((*name).to_owned(), column.to_owned())) {
            _ if LEFT_OUT.contains(&column) || kind == "pg_node_tree" => continue,
            Some((table, false)) => format!(
                "case when {column}::oid <> 0 then
                 (pg_identify_object('{table}'::regclass, {column}, 0)).identity end"
            ),
            // The roles of a policy are a set.
            Some((table, true)) if column == "polroles" => format!(
                "(select string_agg(i.identity, ',' order by i.identity)
                  from unnest({column}::oid[]) u (n), pg_identify_object('{table}'::regclass, u.n, 0) i)"
            ),
            Some((table, true)) => format!(
                "(select string_agg((pg_identify_object('{table}'::regclass, u.n, 0)).identity, ',' order by u.o)
                  from unnest({column}::oid[]) with ordinality u (n, o))"
            ),
            None if kind == "aclitem[]" => privileges(name, column),
            None if column.ends_with("options") => {
                format!("(select string_agg(o, ' ' order by o) from unnest({column}) o)")
            }
            None => format!("{column}::text"),
        };
        facts.push(format!("'{column} ' || ({value})"));
    }
    if columns.is_empty() {
        return Ok(None);
    }
    // The class by which pg_identify_object knows a row: its own, or where it has no number, its object's.
    let class = match *name {
        "pg_aggregate" => "pg_proc",
        "pg_range" | "pg_enum" => "pg_type",
        "pg_ts_config_map" => "pg_ts_config",
        own if has_own_number => own,
        _ => "pg_class",
    };
    let number = identity.split(',').next().expect("an identity is two numbers");
    let user_made = match has_own_number && !filter.contains("oid >= 16384") {
        true => "c.oid >= 16384",
        false => "true",
    };
    Ok(Some(format!(
        "select (pg_identify_object('{class}'::regclass, {identity})).identity, concat_ws(E'\\n', {facts})
         from {name} c where ({filter}) and {user_made} and not exists (select from pg_depend e
             where e.classid = '{class}'::regclass and e.objid = {number} and e.deptype = 'e')
         order by 1, 2",
        facts = facts.join(", "),
    )))
}

/// Privileges in one order, with those that a null stands for.
fn privileges(catalog: &str, column: &str) -> String {
    let implied = match catalog {
        "pg_class" => "acldefault(case relkind when 'S' then 's'::\"char\" else 'r' end, relowner)",
        "pg_proc" => "acldefault('f', proowner)",
        "pg_namespace" => "acldefault('n', nspowner)",
        "pg_type" => "acldefault('T', typowner)",
        "pg_language" => "acldefault('l', lanowner)",
        "pg_foreign_data_wrapper" => "acldefault('F', fdwowner)",
        "pg_foreign_server" => "acldefault('S', srvowner)",
        _ => "'{}'::aclitem[]",
    };
    format!("select string_agg(p::text, ' ' order by p::text) from unnest(coalesce({column}, {implied})) p")
}
