//! Runs migrations on scratch, one after the other, and gathers what each statement does.
//!
//! Separate from the rules, which judge and run nothing.

use super::{
    change::{Change, changes},
    file::{Failure, File, Statement},
    folder::{Migration, Mode, Tool},
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Result},
    plan::Broken,
    prove::{Probes, State, Watch},
    scratch::{Database, diagnose},
    settings::Policy,
    source::{Source, cut, tokens},
    step::Lock,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    rc::Rc,
};

/// A file that was run, its comments, and a word on each statement that was left out.
pub struct Ran {
    pub file: File,
    pub comments: Vec<Range<usize>>,
    pub left_out: Vec<String>,
}

/// Runs one file and leaves the database as its tool would.
///
/// # Errors
///
/// The database is lost; that a statement fails is in what comes back.
pub fn run(database: &mut Database, migration: &Migration, policy: Policy) -> Result<Ran> {
    database.reset()?;
    let source = Source { path: migration.source.path.clone(), text: migration.up.as_str().into() };
    let now = Rc::new(if migration.judged { State::read(database)? } else { State::default() });
    let before = State::clone(&now);
    let mut file = File {
        source: migration.source.clone(),
        mode: migration.mode,
        tool: migration.tool,
        policy,
        before,
        statements: Vec::new(),
    };
    let cut = match cut(&source) {
        Ok(cut) => cut,
        Err(Diagnostics(problems)) => {
            // Nothing of it can be run.
            file.statements.extend(problems.into_iter().map(unreadable));
            return Ok(Ran { file, comments: Vec::new(), left_out: Vec::new() });
        }
    };
    file.statements = cut.statements.iter().map(|range| statement(&source.text, range.clone())).collect();
    divide(&mut file);
    let mut running =
        Running { database, file: &mut file, left_out: BTreeMap::new(), judged: migration.judged, now };
    let mut probes = running.old_code()?;
    running.all()?;
    let left_out = std::mem::take(&mut running.left_out);
    conclude(&mut file);
    if let Some(probes) = &mut probes {
        database.reset()?;
        let felt = probes.after(database, None)?;
        felt.breaks.into_iter().filter(|broken| !broken.by_data).for_each(|broken| blame(&mut file, broken));
    }
    let place = |at: &usize| {
        let place = file.place(*at);
        let (line, column) = place.line_column();
        format!("{}:{line}:{column}", place.path)
    };
    let mut words: Vec<String> = left_out.iter().map(|(at, why)| format!("{}: {why}", place(at))).collect();
    words.extend(cut.rows.first().map(|_| format!("{}: the rows of COPY are left out", source.path)));
    Ok(Ran { file, comments: cut.comments, left_out: words })
}

fn statement(text: &str, range: Range<usize>) -> Statement {
    let tokens = tokens(&text[range.clone()]);
    Statement {
        range,
        tokens,
        transaction: 0,
        shares: false,
        seen: None,
        changes: Vec::new(),
        breaks: Vec::new(),
        error: None,
    }
}

fn unreadable(problem: Diagnostic) -> Statement {
    let range = problem.place.as_ref().map_or(0..0, |place| place.range.clone());
    Statement { error: Some(Failure { code: String::new(), diagnostic: problem }), ..statement("", 0..0) }
        .at(range)
}

impl Statement {
    fn at(self, range: Range<usize>) -> Statement {
        Statement { range, ..self }
    }
}

/// Says of each statement which transaction it is in.
fn divide(file: &mut File) {
    let wrapped = file.mode == Mode::Wrapped;
    let several = file.statements.len() > 1;
    let (mut transaction, mut explicit) = (0, false);
    for statement in &mut file.statements {
        let begins =
            !wrapped && (statement.begins(&["begin"]) || statement.begins(&["start", "transaction"]));
        let ends = !wrapped && ends(statement);
        if begins && !explicit {
            transaction += 1;
            explicit = true;
        }
        statement.transaction = transaction;
        statement.shares = explicit || wrapped || (file.mode == Mode::Together && several);
        if ends || (file.mode == Mode::Apart && !explicit) {
            transaction += 1;
            explicit = false;
        }
    }
}

fn ends(statement: &Statement) -> bool {
    let savepoint = statement.says(&["to"]) || statement.says(&["prepared"]);
    ["commit", "end", "rollback", "abort"].iter().any(|word| statement.begins(&[word])) && !savepoint
}

/// Does it begin or end a transaction?
pub fn controls(statement: &Statement) -> bool {
    statement.begins(&["begin"]) || statement.begins(&["start", "transaction"]) || ends(statement)
}

struct Running<'a> {
    database: &'a mut Database,
    file: &'a mut File,
    /// Statements that scratch has no place for, and why.
    left_out: BTreeMap<usize, String>,
    judged: bool,
    /// What there is.
    now: Rc<State>,
}

/// Puts it to the last statement that touched what the broken one is about.
fn blame(file: &mut File, broken: Broken) {
    let about = |at: &usize| {
        let seen = file.statements[*at].seen.iter().flat_map(|seen| &seen.taken);
        let mut touched =
            seen.filter(|(_, lock)| **lock > Lock::RowExclusive).map(|(oid, _)| file.name(*oid));
        touched.any(|name| broken.statement.split([' ', '(', ')', ';']).any(|word| word == name))
    };
    let any = |at: &usize| !file.statements[*at].changes.is_empty();
    let all = 0..file.statements.len();
    let at = all.clone().rev().find(about).or_else(|| all.clone().rev().find(any)).or(all.last());
    at.into_iter().for_each(|at| file.statements[at].breaks.push(broken.clone()));
}

/// Statements that old code can feel; others only add, or write rows.
fn is_felt(statement: &Statement) -> bool {
    let harmless: &[&[&str]] = &[
        &["comment"],
        &["insert"],
        &["update"],
        &["delete"],
        &["set"],
        &["grant"],
        &["create", "table"],
        &["create", "index"],
        &["create", "unique", "index"],
        &["create", "type"],
        &["create", "extension"],
    ];
    !harmless.iter().any(|words| statement.begins(words)) && !controls(statement)
}

impl Running<'_> {
    /// Statements of code for the schema before, prepared before the first statement of the file.
    fn old_code(&mut self) -> Result<Option<Probes>> {
        if !self.judged || !self.file.statements.iter().any(is_felt) {
            return Ok(None);
        }
        let names = self.file.before.mentioned(&self.file.source.text);
        Probes::begin(self.database, Some(&names)).map(Some)
    }

    fn all(&mut self) -> Result<()> {
        for at in 0..self.file.statements.len() {
            if let Some(why) = outside(&self.file.statements[at], self.database.private) {
                self.left_out.insert(at, why.to_string());
            }
        }
        let mut first = 0;
        while first < self.file.statements.len() {
            let transaction = self.file.statements[first].transaction;
            let same = self.file.statements[first..].iter().take_while(|one| one.transaction == transaction);
            let last = first + same.count();
            if !self.transaction(first..last)? {
                return Ok(());
            }
            first = last;
        }
        Ok(())
    }

    /// Runs the statements of one transaction; false where the rest of the file is not to run.
    fn transaction(&mut self, range: Range<usize>) -> Result<bool> {
        let mut open = true;
        let mut made: BTreeSet<String> = BTreeSet::new();
        loop {
            let Some((at, error)) = self.attempt(range.clone(), open)? else { return Ok(true) };
            if error.as_db_error().is_none() {
                return Err(diagnose(&error, Some(self.file.place(at))).into());
            }
            let code = error.code().map(|code| code.code().to_string()).unwrap_or_default();
            let message = error.as_db_error().map(|error| error.message().to_string()).unwrap_or_default();
            let again = made.insert(message.clone()) && self.database.mend(&error).unwrap_or(false);
            if again {
                continue;
            }
            if let Some(why) = lacking(&self.file.statements[at], &code, &message, !self.left_out.is_empty())
            {
                self.left_out.insert(at, why);
                continue;
            }
            let diagnostic = diagnose(&error, Some(self.file.place(at)));
            if code == "25001" && open {
                if self.file.statements[at].shares && self.file.tool != Tool::Unknown {
                    self.file.statements[at].error = Some(Failure { code, diagnostic });
                }
                if range.len() == 1 {
                    open = false;
                    continue;
                }
                return self.apart(range);
            }
            self.file.statements[at].error = Some(Failure { code, diagnostic });
            return Ok(false);
        }
    }

    /// Runs statements that no transaction may hold one by one: what comes after is looked at all the same.
    fn apart(&mut self, range: Range<usize>) -> Result<bool> {
        for (at, statement) in self.file.statements[range.clone()].iter_mut().enumerate() {
            (statement.transaction, statement.shares, statement.seen) = (range.start + at, false, None);
        }
        for at in range {
            if !self.transaction(at..at + 1)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Runs them once; which failed and how. Nothing of it stays then.
    fn attempt(&mut self, range: Range<usize>, open: bool) -> Result<Option<(usize, postgres::Error)>> {
        let text = self.file.source.text.clone();
        let File { before, statements, .. } = &mut *self.file;
        let (first, last) = (range.start, range.end - 1);
        let now = self.now.clone();
        let mut watch = Watch::begin(self.database, before, now, open)?;
        let mut keep = true;
        for at in range {
            let statement = &mut statements[at];
            if self.left_out.contains_key(&at) {
                continue;
            }
            if controls(statement) {
                keep = !(statement.begins(&["rollback"]) || statement.begins(&["abort"]));
                continue;
            }
            let sql = &text[statement.range.clone()];
            let done = if self.judged {
                watch.run(self.database, sql).map(Some)
            } else {
                watch.blindly(self.database, sql).map(|()| None)
            };
            match done {
                Ok(seen) => statement.seen = seen,
                Err(error) => {
                    let _ = watch.end(self.database, false);
                    return Ok(Some((at, error)));
                }
            }
        }
        if self.judged {
            let state = watch.state(self.database).map_err(|error| diagnose(&error, None))?;
            let seen =
                statements[first..=last].iter_mut().rev().find_map(|statement| statement.seen.as_mut());
            seen.into_iter().for_each(|seen| seen.after = state.clone());
            if keep {
                self.now = state;
            }
        }
        // Constraints that wait for the end are checked by it.
        match watch.end(self.database, keep) {
            Ok(()) => Ok(None),
            Err(error) => Ok(Some((last, error))),
        }
    }
}

/// Fills in what each statement took away that is still gone at the end.
fn conclude(file: &mut File) {
    let states: Vec<(usize, BTreeSet<Change>)> = file
        .statements
        .iter()
        .enumerate()
        .filter_map(|(at, statement)| Some((at, changes(&file.before, &statement.seen.as_ref()?.after))))
        .collect();
    let Some((_, last)) = states.last() else { return };
    for change in last {
        let since = states.iter().rev().take_while(|(_, changes)| changes.contains(change)).last();
        let (at, _) = since.expect("the last has it");
        file.statements[*at].changes.push(change.clone());
    }
}

/// What reaches beyond one database, where that is not ours.
fn outside(statement: &Statement, private: bool) -> Option<&'static str> {
    let is = |things: &[&str]| {
        ["create", "alter", "drop"]
            .iter()
            .any(|verb| things.iter().any(|thing| statement.begins(&[verb, thing])))
    };
    if is(&["database"]) || statement.says(&["on", "database"]) {
        return Some("it is about a database, not about what is in it");
    }
    if is(&["tablespace"]) || statement.begins(&["alter", "system"]) {
        return Some("it is about the server, not about a database");
    }
    let mapping = statement.tokens.get(2).is_some_and(|token| token.is("mapping"));
    if is(&["role", "user", "group"]) && !mapping && !private {
        return Some("roles belong to the whole server, which is not ours");
    }
    None
}

/// What scratch does not have: extensions that are not installed, and what is said of them.
fn lacking(statement: &Statement, code: &str, message: &str, others: bool) -> Option<String> {
    let extension = statement.says(&["extension"]);
    if extension && (["58P01", "0A000"].contains(&code) || others && code == "42704") {
        return Some(format!("scratch has no such extension: {message}"));
    }
    let role = ["role", "user", "group"].iter().any(|word| statement.begins(&["create", word]));
    // A role outlives the scratch database that it was made for.
    (role && code == "42710").then(|| "the role is there already".to_string())
}
