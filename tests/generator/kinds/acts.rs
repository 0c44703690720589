//! What acts by itself when rows are read or written: triggers, rules, policies, event triggers.

use super::{
    super::model::{Key, Schema, is_first},
    expressions, routines, tables, views,
};

pub fn trigger(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let functions = schema.before(key, &["trigger_function"]);
    let (Some(on), Some(function)) =
        (draw.one(&schema.before(key, &["table", "view"])), draw.one(&functions))
    else {
        return Vec::new();
    };
    let Some(relation) = views::relation(schema, on) else { return Vec::new() };
    let function = routines::trigger_name(schema, function);
    let name = schema.name(key);
    let (form, event, state, argument) =
        (draw.below(6), draw.below(4), draw.below(6), draw.pick(&["", "", "'x'"]));
    let event = ["INSERT", "INSERT OR DELETE", "UPDATE", "DELETE"][event];
    let on = &relation.sql;
    if relation.word == "VIEW" {
        return vec![format!(
            "CREATE TRIGGER {name} INSTEAD OF {event} ON {on} FOR EACH ROW EXECUTE FUNCTION {function}({argument})"
        )];
    }
    let column = draw.one(&relation.columns);
    let condition = column.as_ref().map(|column| format!("new.{} IS NOT NULL", column.name));
    let mut sql = match form {
        0 => format!("CREATE TRIGGER {name} BEFORE {event} ON {on} FOR EACH ROW"),
        1 => format!("CREATE TRIGGER {name} AFTER {event} OR TRUNCATE ON {on} FOR EACH STATEMENT"),
        2 => match column {
            Some(column) => {
                format!("CREATE TRIGGER {name} AFTER UPDATE OF {} ON {on} FOR EACH ROW", column.name)
            }
            None => return Vec::new(),
        },
        3 => format!(
            "CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON {on} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        ),
        4 => format!(
            "CREATE TRIGGER {name} AFTER INSERT ON {on} REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT"
        ),
        _ => format!("CREATE TRIGGER {name} AFTER INSERT ON {on} FOR EACH ROW"),
    };
    if form == 5 {
        sql += &condition.map(|condition| format!(" WHEN ({condition})")).unwrap_or_default();
    }
    let mut all = vec![format!("{sql} EXECUTE FUNCTION {function}({argument})")];
    let state = ["", "", "", "DISABLE", "ENABLE REPLICA", "ENABLE ALWAYS"][state];
    if !state.is_empty() {
        all.push(format!("ALTER TABLE {on} {state} TRIGGER {name}"));
    }
    all
}

pub fn rule(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let Some(on) = draw.one(&schema.before(key, &["table", "view"])) else { return Vec::new() };
    let Some(relation) = views::relation(schema, on) else { return Vec::new() };
    let (event, action, state) = (draw.below(3), draw.below(4), draw.below(5));
    let event = ["INSERT", "UPDATE", "DELETE"][event];
    let row = if event == "DELETE" { "old" } else { "new" };
    let name = schema.name(key);
    let condition = draw.one(&relation.columns).map(|column| format!("{row}.{} IS NULL", column.name));
    let condition = condition.filter(|_| action == 3).map(|condition| format!(" WHERE {condition}"));
    let action = ["INSTEAD NOTHING", "ALSO NOTIFY planwright", "INSTEAD SELECT 1", "ALSO NOTHING"][action];
    let mut all = vec![format!(
        "CREATE RULE {name} AS ON {event} TO {}{} DO {action}",
        relation.sql,
        condition.unwrap_or_default()
    )];
    let state = ["", "", "DISABLE", "ENABLE REPLICA", "ENABLE ALWAYS"][state];
    if relation.word == "TABLE" && !state.is_empty() {
        all.push(format!("ALTER TABLE {} {state} RULE {name}", relation.sql));
    }
    all
}

pub fn policy(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let Some(table) = draw.one(&schema.before(key, &["table"])) else { return Vec::new() };
    let mut sql = format!("CREATE POLICY {} ON {}", schema.name(key), tables::of(schema, table).sql.clone());
    sql += draw.pick(&["", "", " AS RESTRICTIVE"]);
    let command = draw.pick(&["", " FOR SELECT", " FOR INSERT", " FOR UPDATE", " FOR DELETE"]);
    sql += command;
    sql += draw.pick(&[
        "",
        " TO planwright_reader",
        " TO planwright_reader, planwright_writer",
        " TO CURRENT_USER",
    ]);
    let both = draw.once_in(2);
    let condition = expressions::condition(schema, key, &draw, &tables::columns(schema, table));
    let condition = condition.unwrap_or("true".into());
    if command != " FOR INSERT" {
        sql += &format!(" USING ({condition})");
    }
    if command == " FOR INSERT" || (both && !matches!(command, " FOR SELECT" | " FOR DELETE")) {
        sql += &format!(" WITH CHECK ({condition})");
    }
    vec![sql]
}

pub fn row_security(schema: &Schema, key: Key) -> Vec<String> {
    let target = |key: Key| schema.draw(key).one(&schema.before(key, &["table"]));
    let first = is_first(&schema.all("row_security"), key, target);
    let draw = schema.draw(key);
    draw.skip(1);
    let table = target(key).filter(|_| first).map(|table| tables::of(schema, table).sql.clone());
    let words: &[&str] = match draw.below(3) {
        0 => &["ENABLE"],
        1 => &["FORCE"],
        _ => &["ENABLE", "FORCE"],
    };
    let statement = |table: String| {
        words.iter().map(move |word| format!("ALTER TABLE {table} {word} ROW LEVEL SECURITY"))
    };
    table.into_iter().flat_map(statement).collect()
}

pub fn event(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let home = schema.home(key, &draw);
    let name = schema.name(key);
    let event = draw.pick(&["ddl_command_end", "sql_drop", "ddl_command_start"]);
    let filter =
        draw.pick(&["", " WHEN TAG IN ('CREATE TABLE')", " WHEN TAG IN ('ALTER TABLE', 'DROP TABLE')"]);
    let mut all = vec![
        format!("CREATE FUNCTION {home}.{name}() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$"),
        format!("CREATE EVENT TRIGGER {name} ON {event}{filter} EXECUTE FUNCTION {home}.{name}()"),
    ];
    let state = draw.pick(&["", "", "DISABLE", "ENABLE ALWAYS"]);
    if !state.is_empty() {
        all.push(format!("ALTER EVENT TRIGGER {name} {state}"));
    }
    all
}
