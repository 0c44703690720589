//! What `--from` and `--to` name, and how to get it onto a scratch engine.

use super::filter;
use crate::{
    catalog::{self, Catalog, Filters, Left, Marked, Registered},
    diagnostic::{Diagnostic, Diagnostics, Place, Result},
    kind,
    order::Busy,
    prove,
    scratch::{self, Choice, Database, Engine, Requirements, load},
    settings::Settings,
    source::{self, Statements},
};
use std::{collections::BTreeMap, path::PathBuf};

/// Whom scratch databases belong to when no live database says it: a name that nobody's schema
/// has, so that an owner written in one is never taken for the role that runs the plan.
const OWNER: &str = "planwright";

/// A state of a schema.
pub(super) enum State {
    Empty,
    Files(Statements),
    Live(Box<Live>),
}

/// What a live database holds, and who read it.
pub(super) struct Live {
    pub catalog: Catalog,
    pub role: String,
    /// What is left to others.
    pub left: Left,
    pub registered: Registered,
    /// How many rows its tables hold.
    rows: BTreeMap<Vec<String>, u64>,
}

impl State {
    /// `empty`, a URL, a file or a folder.
    pub(super) fn read(text: &str, filters: &Filters) -> Result<State> {
        if is_url(text) {
            return Ok(State::Live(Box::new(Live::read(text, filters)?)));
        }
        Ok(State::files(text)?.map_or(State::Empty, State::Files))
    }

    /// What files say; `None` where none are named.
    pub(super) fn files(text: &str) -> Result<Option<Statements>> {
        if text == "empty" || is_url(text) {
            return Ok(None);
        }
        source::read(&[PathBuf::from(text)]).map(Some)
    }

    pub(super) fn require(&self, requirements: &mut Requirements) {
        match self {
            State::Empty => {}
            State::Files(statements) => {
                statements.sources.iter().for_each(|source| requirements.add(&source.text))
            }
            State::Live(live) => require(&live.catalog, requirements),
        }
    }

    pub(super) fn live(&self) -> Option<&Live> {
        match self {
            State::Live(live) => Some(live),
            _ => None,
        }
    }

    /// A scratch database in this state.
    pub(super) fn database(&self, scratch: &mut Scratch) -> Result<Database> {
        let mut database = scratch.database()?;
        match self {
            State::Empty => {}
            State::Files(statements) => load(statements, &mut database)?,
            State::Live(live) => prove::build(&mut database, &live.catalog)?,
        }
        Ok(database)
    }

    /// This state as the engine spells it, without what is left to others.
    pub(super) fn catalog(&self, scratch: &mut Scratch, filters: &Filters) -> Result<Catalog> {
        match self {
            State::Live(live) if live.catalog.major() == scratch.engine.version() / 10_000 => {
                Ok(live.catalog.clone())
            }
            _ => {
                let mut catalog = catalog::with_rows(&mut self.database(scratch)?.client, &filters.data)?;
                filter::whole(filters.apply(&mut catalog))?;
                Ok(catalog)
            }
        }
    }
}

/// The tables that people use while a plan runs; `offline` is what they say when nobody does.
pub(super) fn busy(live: Option<&Live>, settings: &Settings, offline: bool) -> Busy {
    match live {
        _ if offline => Busy::Nothing,
        Some(live) => Busy::Known { rows: live.rows.clone(), small: settings.small_table_rows },
        None => Busy::All,
    }
}

fn is_url(text: &str) -> bool {
    text.contains("://") || text.contains('=')
}

impl Live {
    pub(super) fn read(url: &str, filters: &Filters) -> Result<Live> {
        let mut client = scratch::connect(url)?;
        let role = scratch::role(&mut client)?;
        let registered = catalog::registered(&mut client)?;
        // Which columns matter is for the other state to say.
        let data: Vec<Marked> =
            filters.data.iter().map(|marked| Marked::whole(marked.table.clone())).collect();
        let catalog = catalog::with_rows(&mut client, &data)?;
        let rows = catalog::sizes(&mut client)?;
        let mut live = Live { catalog, role, left: Left::default(), registered, rows };
        live.leave(filters)?;
        Ok(live)
    }

    /// Says what it has without being told and the scratch engine, which is newer, does not.
    pub(super) fn say_what_is_usual(&mut self, desired: &Catalog) {
        let (ours, major) = (&self.catalog, self.catalog.major());
        let usual = desired.objects.values().filter(|object| !ours.contains(&object.id));
        let usual = usual.filter(|object| kind::of(&object.id).is_usual(object, major));
        let usual: Vec<_> = usual.map(|object| (object.id.clone(), object.clone())).collect();
        if desired.major() > major {
            self.catalog.objects.extend(usual);
        }
    }

    /// Takes out what is left to others.
    pub(super) fn leave(&mut self, filters: &Filters) -> Result<()> {
        let left = filter::whole(filters.apply(&mut self.catalog))?;
        self.left.objects.extend(left.objects);
        self.left.holding = left.holding;
        Ok(())
    }
}

/// An engine with what its databases must have.
pub(super) struct Scratch {
    pub engine: Box<dyn Engine>,
    /// Which engine and why, for `-v`.
    pub why: String,
    role: String,
    requirements: Requirements,
    /// The major version of the oldest server that the plan runs on.
    target: u32,
}

/// The oldest major version that a plan runs on where nobody says which: the oldest that gets corrections.
const USUAL_TARGET: u32 = 14;

impl Scratch {
    pub(super) fn choose(
        choice: &Choice,
        requirements: Requirements,
        live: Option<&Live>,
        oldest: Option<u32>,
    ) -> Result<Scratch> {
        let prefer = live.map(|live| live.catalog.major());
        let (engine, why) = scratch::choose(choice, &requirements, prefer)?;
        let usual = if engine.is_chosen() { engine.version() / 10_000 } else { USUAL_TARGET };
        let target = prefer.into_iter().chain(oldest).min().unwrap_or(usual);
        let why = format!("scratch databases run on {}: {why}", engine.describe());
        let role = match (choice, live) {
            (_, Some(live)) => live.role.clone(),
            // On somebody's server no role may be made.
            (Choice::Url(_), None) => engine.role(),
            _ => OWNER.to_string(),
        };
        Ok(Scratch { engine, why, role, requirements, target })
    }

    pub(super) fn database(&mut self) -> Result<Database> {
        let mut database = self.engine.database(&self.role, &self.requirements)?;
        database.plan_for(self.target)?;
        Ok(database)
    }
}

/// What rebuilding a catalog needs of an engine: what its statements need, whatever their order.
pub(super) fn require(catalog: &Catalog, requirements: &mut Requirements) {
    for object in catalog.objects.values() {
        let steps = kind::of(&object.id).create(object, &[]);
        steps.iter().for_each(|step| requirements.add(&step.sql));
    }
}

/// What an older major version cannot have, that of a live database or the oldest that is to be served, though the
/// scratch engine can.
pub(super) fn too_new(statements: &Statements, live: Option<&Live>, oldest: Option<u32>) -> Result<()> {
    let live = live.map(|live| (live.catalog.major(), "the database is"));
    let oldest = oldest.map(|major| (major, "migrations must run on"));
    let Some((major, who)) = live.into_iter().chain(oldest).min() else { return Ok(()) };
    let problem = |at: usize| {
        let novelty = source::newer(statements.text(at), major).filter(|novelty| novelty.certain)?;
        let message = format!("{who} PostgreSQL {major}, which has no {}", novelty.name);
        let problem = Diagnostic::failed("too-new", message)
            .at(Some(statements.place(at)))
            .help(format!("it exists since PostgreSQL {}", novelty.since));
        Some(problem)
    };
    let problems: Vec<Diagnostic> = (0..statements.statements.len()).filter_map(problem).collect();
    if problems.is_empty() { Ok(()) } else { Err(Diagnostics(problems)) }
}

/// The rows in a file, which is read for its schema.
pub(super) fn rows(statements: &Statements) -> Option<Diagnostic> {
    left_out("COPY", &statements.rows, "a plan is about the schema")
}

/// INSERTs that are run for the schema's sake only.
pub(super) fn unplanned(statements: &Statements) -> Option<Diagnostic> {
    let help = "write `-- @data` on a line of its own before CREATE TABLE, and its rows are planned too";
    left_out("INSERT", &statements.unplanned(), "their table is not marked").map(|said| said.help(help))
}

fn left_out(statement: &str, places: &[Place], why: &str) -> Option<Diagnostic> {
    let first = places.first()?;
    let others = match places.len() - 1 {
        0 => String::new(),
        more => format!(", and those of {more} more"),
    };
    let message = format!("the rows of this {statement}{others} are left out: {why}");
    Some(Diagnostic::no("rows", message).at(Some(first.clone())))
}

/// Says what stays other than desired, because PostgreSQL has no statement that changes it.
pub(super) fn stays_other(current: &Catalog, desired: &Catalog) -> Vec<Diagnostic> {
    let both = current.objects.values().filter_map(|object| Some((object, desired.get(&object.id)?)));
    let stays = both.filter_map(|(object, desired)| kind::of(&object.id).stays_other(object, desired));
    let told = |what| {
        Diagnostic::no("stays", what).help("PostgreSQL changes that only where what it is about is made anew")
    };
    stays.map(told).collect()
}

/// Says by name what no kind covers: it is in the database, and no plan touches it.
pub(super) fn uncovered(catalog: &Catalog) -> Option<Diagnostic> {
    let first = catalog.uncovered.first()?;
    let more = catalog.uncovered.len() - 1;
    let message = match more {
        0 => format!("{first} is of a kind that Planwright does not manage"),
        _ => format!("{first} and {more} more objects are of kinds that Planwright does not manage"),
    };
    let mut diagnostic = Diagnostic::no("uncovered", message);
    diagnostic.notes.extend(catalog.uncovered.iter().skip(1).take(50).cloned());
    Some(diagnostic)
}
