//! The migrator: what runs, in which order, and under which lock.

use super::{
    Applied, Error, Event, Report, State, Status, backfill,
    baseline::{self, Presence},
    error::Reason,
    history::{self, Entry},
    lock::Held,
    run::Run,
    session::Session,
    standing::Standing,
    trash::{self, Trashed},
};
use crate::{
    bundle::{Bundle, Direction, Migration},
    migrations,
};
use postgres::Client;
use std::time::{Duration, Instant};

/// Applies a bundle to databases.
///
/// ```no_run
/// # use planwright::{Bundle, Migrator};
/// # static BUNDLE: Bundle =
/// #     Bundle { name: "bookshop", head: "0000 -", lock: "", migrations: &[], broken: None };
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut client = planwright::runtime::connect("postgres:///bookshop")?;
/// let report = Migrator::new(&BUNDLE).up(&mut client)?;
/// println!("{} applied", report.applied.len());
/// # Ok(())
/// # }
/// ```
pub struct Migrator<'a> {
    bundle: &'a Bundle<'a>,
    patience: Patience,
    listen: Box<dyn Fn(&Event) + 'a>,
}

/// How long to wait for what.
#[derive(Clone, Debug)]
pub struct Patience {
    /// For the session that is migrating the same bundle.
    pub turn: Duration,
    /// For one lock, before giving up its place in the queue.
    pub lock: Duration,
    /// For one migration, trying again and again.
    pub retry: Duration,
}

impl<'a> Migrator<'a> {
    pub fn new(bundle: &'a Bundle<'a>) -> Migrator<'a> {
        Migrator { bundle, patience: Patience::default(), listen: Box::new(|_| {}) }
    }

    /// How long to wait for another session that migrates the same bundle; ten minutes by default.
    pub fn wait_for_turn(mut self, timeout: Duration) -> Self {
        self.patience.turn = timeout;
        self
    }

    /// `lock_timeout` of each statement that may stop others; three seconds by default, and never less
    /// than a millisecond.
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.patience.lock = timeout;
        self
    }

    /// How long a migration that gets no lock is tried again; two minutes by default.
    pub fn retry_for(mut self, budget: Duration) -> Self {
        self.patience.retry = budget;
        self
    }

    /// Hears what happens while it happens.
    pub fn listen(mut self, listener: impl Fn(&Event) + 'a) -> Self {
        self.listen = Box::new(listener);
        self
    }

    /// Applies every migration that the database does not have, oldest first.
    ///
    /// Does nothing when there is none, also when the database has newer ones of the same major version.
    pub fn up(&self, client: &mut Client) -> Result<Report, Error> {
        // Before anything is written to a database that this bundle has no business with.
        let standing = Standing::new(self.bundle, history::read(client, self.bundle.name)?);
        standing.judge()?;
        unrecorded(client, self.bundle, &standing)?.1?;
        let own = &migrations::BUNDLE;
        if self.bundle.name != own.name {
            self.bring_up(own, client)?;
        }
        self.bring_up(self.bundle, client)
    }

    /// How the database stands; reads only.
    pub fn status(&self, client: &mut Client) -> Result<Status, Error> {
        let fail = Error::sql("cannot read the state of the database");
        let mut transaction = client.build_transaction().read_only(true).start().map_err(&fail)?;
        let database = transaction.query_typed_one("SELECT current_database()", &[]).map_err(&fail)?.get(0);
        let standing = Standing::new(self.bundle, history::read(&mut transaction, self.bundle.name)?);
        let mut judged = standing.judge().and_then(|()| standing.refuse_half_undone());
        let mut migrations = standing.entries();
        let (there, told) = unrecorded(&mut transaction, self.bundle, &standing)?;
        there.iter().for_each(|number| migrations[*number as usize - 1].state = State::Unrecorded);
        judged = judged.and(told);
        let backfills = backfill::read(&mut transaction)?;
        let trash = trash::read(&mut transaction)?;
        Ok(Status {
            bundle: self.bundle.name.to_owned(),
            database,
            version: standing.version(),
            latest: self.bundle.version(),
            migrations,
            backfills,
            trash,
            refusal: judged.err().map(|error| error.to_string()),
        })
    }

    /// Undoes the newest migration of this bundle; does nothing when there is none.
    pub fn undo(&self, client: &mut Client) -> Result<Report, Error> {
        let session = Session::remember(client)?;
        let mut held = self.hold(self.bundle, client)?;
        let standing = Standing::new(self.bundle, history::read(&mut *held, self.bundle.name)?);
        standing.judge()?;
        let mut report = report(&standing);
        let Some((migration, run)) = standing.newest()? else { return Ok(report) };
        self.refuse_undo(migration, run)?;
        let interrupted = match (run.finished, run.direction) {
            (true, _) => None,
            (false, Direction::Down) => Some((run.id, run.statements_done)),
            (false, Direction::Up) => {
                return Err(Error::new(
                    Reason::Refused,
                    format!(
                        "{} has not finished: {} of its statements are done",
                        migration.stem(),
                        run.statements_done
                    ),
                )
                .of(migration)
                .help("run `migrate up` to finish it; then undo it"));
            }
        };
        let applied =
            self.apply(&mut held, &session, self.bundle, migration, Direction::Down, interrupted)?;
        report.applied.push(applied);
        let before = migration.number.checked_sub(2).map(|at| self.bundle.migrations[at as usize].version);
        report.version = before;
        Ok(report)
    }

    /// The dropped tables that are not yet purged, oldest first; reads only.
    pub fn trash(&self, client: &mut Client) -> Result<Vec<Trashed>, Error> {
        trash::read(client)
    }

    /// Drops for good what has been in the trash for so long, whichever bundle dropped it; what that was.
    pub fn purge(&self, client: &mut Client, older_than: Duration) -> Result<Vec<Trashed>, Error> {
        if !trash::read(client)?.iter().any(|trashed| trashed.age >= older_than) {
            return Ok(Vec::new());
        }
        let session = Session::remember(client)?;
        let mut held = self.hold(self.bundle, client)?;
        trash::purge(&mut held, older_than, &session, &self.patience, &*self.listen)
    }

    fn bring_up(&self, bundle: &Bundle<'_>, client: &mut Client) -> Result<Report, Error> {
        let standing = Standing::new(bundle, history::read(client, bundle.name)?);
        standing.judge()?;
        standing.refuse_half_undone()?;
        if standing.pending().next().is_none() {
            return Ok(report(&standing));
        }
        let session = Session::remember(client)?;
        let mut held = self.hold(bundle, client)?;
        // Somebody else may have applied it all while this session waited.
        let standing = Standing::new(bundle, history::read(&mut *held, bundle.name)?);
        standing.judge()?;
        standing.refuse_half_undone()?;
        let mut report = report(&standing);
        for (migration, run) in standing.pending() {
            let interrupted = run.map(|run| (run.id, run.statements_done));
            let recorded = match interrupted {
                None => self.record(&mut held, &session, bundle, migration),
                Some(_) => Ok(false),
            };
            match recorded {
                Ok(false) => {}
                Ok(true) => {
                    report.recorded.push(migration.stem());
                    report.version = Some(migration.version);
                    continue;
                }
                Err(error) => return Err(error.after(report)),
            }
            match self.apply(&mut held, &session, bundle, migration, Direction::Up, interrupted) {
                Ok(applied) => report.applied.push(applied),
                Err(error) => return Err(error.after(report)),
            }
            report.version = Some(migration.version);
        }
        Ok(report)
    }

    fn hold<'c>(&self, bundle: &Bundle<'_>, client: &'c mut Client) -> Result<Held<'c>, Error> {
        Held::acquire(client, bundle.name, self.patience.turn, &*self.listen)
    }

    /// Makes the row of history of a baseline that the database has already; false where it is to run.
    fn record(
        &self,
        held: &mut Held<'_>,
        session: &Session,
        bundle: &Bundle<'_>,
        migration: &Migration<'_>,
    ) -> Result<bool, Error> {
        match baseline::presence(&mut **held, migration)? {
            Presence::Absent => Ok(false),
            Presence::Part { there, missing } => Err(baseline::refusal(bundle, migration, &there, &missing)),
            Presence::Whole => {
                held.verify()?;
                let application = session.application();
                let entry = Entry { bundle: bundle.name, migration, direction: Direction::Up, application };
                history::recorded(&mut **held, &entry)?;
                (self.listen)(&Event::Recorded { migration: migration.stem() });
                Ok(true)
            }
        }
    }

    fn apply(
        &self,
        held: &mut Held<'_>,
        session: &Session,
        bundle: &Bundle<'_>,
        migration: &Migration<'_>,
        direction: Direction,
        interrupted: Option<(i64, usize)>,
    ) -> Result<Applied, Error> {
        held.verify()?;
        let begun = Instant::now();
        (self.listen)(&match interrupted {
            None => Event::Started { migration: migration.stem(), direction },
            Some((_, done)) => Event::Resumed { migration: migration.stem(), direction, done },
        });
        let run = Run {
            entry: Entry { bundle: bundle.name, migration, direction, application: session.application() },
            interrupted,
            session,
            patience: &self.patience,
            listen: &*self.listen,
        };
        run.run(held)?;
        held.verify()?;
        let applied = Applied { migration: migration.stem(), direction, took: begun.elapsed() };
        (self.listen)(&Event::Finished(applied.clone()));
        Ok(applied)
    }

    fn refuse_undo(&self, migration: &Migration<'_>, run: &history::Run) -> Result<(), Error> {
        let refusal = |message: String| Err(Error::new(Reason::Refused, message).of(migration));
        if run.is_recorded() {
            return refusal(format!(
                "{} cannot be undone: it was recorded, not run, and undoing it would drop what was there before",
                migration.stem()
            ));
        }
        if let Some(why) = migration.irreversible {
            return refusal(format!("{} cannot be undone: {why}", migration.stem()));
        }
        if self.bundle.name == migrations::BUNDLE.name && migration.number == 1 {
            return refusal(format!("{} cannot be undone: the history itself is in it", migration.stem()))
                .map_err(|error| {
                    error.help("DROP SCHEMA planwright CASCADE removes it with all that it knows")
                });
        }
        Ok(())
    }
}

impl Patience {
    /// As PostgreSQL reads it; there, 0 is no limit.
    pub fn lock_timeout(&self) -> String {
        format!("{}ms", self.lock.as_millis().max(1))
    }
}

impl Default for Patience {
    /// Three seconds is more than `deadlock_timeout`, after which a plain autovacuum gives way.
    fn default() -> Patience {
        Patience {
            turn: Duration::from_secs(600),
            lock: Duration::from_secs(3),
            retry: Duration::from_secs(120),
        }
    }
}

/// The numbers of the baselines that the database has without their history, and whether one cannot be told.
fn unrecorded(
    client: &mut impl postgres::GenericClient,
    bundle: &Bundle<'_>,
    standing: &Standing<'_>,
) -> Result<(Vec<u32>, Result<(), Error>), Error> {
    let mut there = Vec::new();
    let mut told = Ok(());
    for (migration, _) in standing.pending().filter(|(_, run)| run.is_none()) {
        match baseline::presence(client, migration)? {
            Presence::Absent => {}
            Presence::Whole => there.push(migration.number),
            Presence::Part { there, missing } => {
                told = told.and(Err(baseline::refusal(bundle, migration, &there, &missing)));
            }
        }
    }
    Ok((there, told))
}

fn report(standing: &Standing<'_>) -> Report {
    Report { applied: Vec::new(), recorded: Vec::new(), version: standing.version(), ahead: standing.ahead() }
}
