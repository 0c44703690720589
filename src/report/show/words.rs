//! What a lock means for everybody else, and for how long.

use crate::{
    bundle::Mode,
    codegen::header::{Broken, Header, Step},
};
use std::collections::BTreeMap;

/// One lock of a step.
pub struct Held<'a> {
    pub relation: &'a str,
    /// `ACCESS EXCLUSIVE`
    pub lock: &'a str,
    /// Who waits.
    pub waits: &'static str,
    /// What ends it.
    pub until: &'static str,
    /// What is read or written as a whole while it is held.
    pub works: Vec<Work<'a>>,
    /// The least and the most seconds of that, where the numbers of rows are known.
    pub seconds: Option<(f64, f64)>,
}

/// A relation that is gone through from beginning to end.
#[derive(Clone, Copy, PartialEq)]
pub struct Work<'a> {
    pub relation: &'a str,
    pub rewrites: bool,
    rows: Option<u64>,
}

/// Seconds for a million rows: the least and the most that was measured, over 3 million rows of 150
/// bytes on two cores without fsync. A scan takes the least where each row is only checked (ADD COLUMN …
/// CHECK, 1.05 s in all) and the most where an index is built (10.3 s); a rewrite the least for another
/// type (36 s) and the most for a default that differs from row to row (58 s).
const SCAN: (f64, f64) = (0.35, 3.4);
const REWRITE: (f64, f64) = (12.0, 19.0);

/// What every format says once.
pub const ESTIMATE: &str = "Times are estimates from 3 million rows of 150 bytes on two cores: a row that is read takes \
                            least where it is only checked and most where an index is built, one that is written \
                            anew depends on its indexes.";
/// What `migrate` does about locks, unless a program tells it otherwise.
pub const QUEUE: &str = "A step waits for every transaction that holds a lock in its way, and whoever comes after it \
                         waits behind it: `migrate` gives up after 3 s (lock_timeout) and tries again.";

/// The locks of one step.
pub fn held<'a>(header: &'a Header, at: usize, known: Option<&BTreeMap<String, u64>>) -> Vec<Held<'a>> {
    let transaction = header.mode == Mode::Transaction;
    let during = if transaction { &header.steps[at..] } else { &header.steps[at..=at] };
    let works: Vec<Work> = during.iter().flat_map(|step| works(step, known)).collect();
    // An index has no rows of its own: what it takes is in what its table takes.
    let seconds =
        works.iter().filter_map(Work::seconds).reduce(|one, other| (one.0 + other.0, one.1 + other.1));
    let held = |(relation, lock): &'a (String, String)| Held {
        relation,
        lock,
        waits: waits(lock),
        until: if transaction { "until the migration commits" } else { "until the step ends" },
        works: works.clone(),
        seconds,
    };
    header.steps[at].locks.iter().map(held).collect()
}

fn works<'a>(step: &'a Step, known: Option<&BTreeMap<String, u64>>) -> impl Iterator<Item = Work<'a>> {
    let rows = move |name: &str| known.and_then(|known| known.get(name)).copied();
    let work = move |rewrites| move |name: &'a String| Work { relation: name, rewrites, rows: rows(name) };
    // What is written anew is read for it.
    let scans = step.scans.iter().filter(|name| !step.rewrites.contains(name));
    step.rewrites.iter().map(work(true)).chain(scans.map(work(false)))
}

/// What is said of a step without locks.
pub fn no_lock(header: &Header) -> &'static str {
    match header.mode {
        Mode::Transaction => "it stops nobody: no lock above ROW EXCLUSIVE on anything that existed",
        Mode::None => "its locks were not measured: it runs outside a transaction",
    }
}

/// How the statements of a file run.
pub fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Transaction => "in one transaction",
        Mode::None => "one by one, outside a transaction",
    }
}

/// Does it fail whatever the rows and the values are?
pub fn breaks(one: &Broken) -> &'static str {
    if one.by_data { "breaks, for some rows or values, " } else { "breaks " }
}

/// `INSERT INTO public.users (id): 23502 null value …`
pub fn broken(one: &Broken) -> String {
    format!("{}: {} {}", one.statement, one.code, one.message)
}

/// Who waits while a lock is held.
fn waits(lock: &str) -> &'static str {
    match lock {
        "ACCESS EXCLUSIVE" => "every statement waits, reads too",
        "EXCLUSIVE" => "writes and SELECT FOR UPDATE or SHARE wait, plain reads go on",
        "SHARE ROW EXCLUSIVE" | "SHARE" => "writes wait, reads go on",
        "SHARE UPDATE EXCLUSIVE" => {
            "reads and writes go on; VACUUM, ANALYZE and other changes of the schema wait"
        }
        _ => "reads and writes go on; changes of the schema wait",
    }
}

impl Held<'_> {
    /// Does it keep writers or readers waiting while a relation is gone through?
    pub fn is_long(&self) -> bool {
        !self.works.is_empty()
            && ["ACCESS EXCLUSIVE", "EXCLUSIVE", "SHARE ROW EXCLUSIVE", "SHARE"].contains(&self.lock)
    }

    /// What happens meanwhile, and for how long, as far as it can be told.
    pub fn lasts(&self) -> String {
        if self.works.is_empty() {
            return "meanwhile no relation is read or written as a whole: milliseconds at any size".into();
        }
        let all = [(true, REWRITE, "written anew"), (false, SCAN, "read as a whole")];
        let done = all.iter().filter_map(|(rewrites, (least, most), done)| {
            let mut names: Vec<String> = Vec::new();
            for work in self.works.iter().filter(|work| work.rewrites == *rewrites) {
                let name = work.said();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            let are = if names.len() == 1 { "is" } else { "are" };
            let rate = format!("{least} to {most} s for each million rows");
            (!names.is_empty()).then(|| format!("{} {are} {done} ({rate})", names.join(", ")))
        });
        let total = self.seconds.map(|seconds| format!("; in all {}", about(seconds))).unwrap_or_default();
        format!("meanwhile {}{total}", done.collect::<Vec<_>>().join(", "))
    }
}

/// Each lock once, with all that it is held on: `ACCESS EXCLUSIVE on public.users: every statement waits, …`
pub fn sentences<'a, 'b: 'a>(all: impl Iterator<Item = &'a Held<'b>>) -> Vec<String> {
    let mut by_lock: Vec<(&Held, Vec<&str>)> = Vec::new();
    for held in all {
        match by_lock.iter_mut().find(|(first, _)| first.lock == held.lock) {
            Some((_, names)) => names.push(held.relation),
            None => by_lock.push((held, vec![held.relation])),
        }
    }
    let sentence = |(held, names): (&Held, Vec<&str>)| {
        format!("{} on {}: {}, {}; {}", held.lock, names.join(", "), held.waits, held.until, held.lasts())
    };
    by_lock.into_iter().map(sentence).collect()
}

impl Work<'_> {
    fn rate(&self) -> (f64, f64) {
        if self.rewrites { REWRITE } else { SCAN }
    }

    fn seconds(&self) -> Option<(f64, f64)> {
        let millions = self.rows? as f64 / 1e6;
        let (least, most) = self.rate();
        Some((least * millions, most * millions))
    }

    fn said(&self) -> String {
        match self.rows {
            Some(rows) => format!("{} (about {} rows)", self.relation, counted(rows)),
            None => self.relation.to_string(),
        }
    }
}

/// `about 1.0 to 10 s`
fn about((least, most): (f64, f64)) -> String {
    if most < 0.1 {
        return "less than 0.1 s".into();
    }
    if least >= 120.0 {
        return format!("about {} to {} minutes", digits(least / 60.0), digits(most / 60.0));
    }
    format!("about {} to {} s", digits(least), digits(most))
}

/// Two of them: more were not measured.
fn digits(number: f64) -> String {
    if number < 9.5 { format!("{number:.1}") } else { format!("{number:.0}") }
}

fn counted(rows: u64) -> String {
    match rows {
        1_000_000.. => format!("{} million", digits(rows as f64 / 1e6)),
        rows => rows.to_string(),
    }
}

/// Control characters would reach a terminal, and those that turn the direction of text make it read as
/// it is not; shown as what they are.
pub fn visible(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control() && c != '\n' && c != '\t'
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if hidden(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}
