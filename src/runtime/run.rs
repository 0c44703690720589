//! One migration on one database: in a transaction with its row of history, or statement by statement.
//!
//! Apart from the migrator, which decides what runs; this decides how.

use super::{
    Error, Event, Patience,
    error::Reason,
    history::{self, Entry},
    leftover,
    lock::Held,
    retry::Retry,
    session::{self, Session},
    statements::{Statement, statements},
};
use crate::bundle::{Direction, Mode};
use postgres::Client;

/// A migration about to run.
pub struct Run<'a> {
    pub entry: Entry<'a>,
    /// The row of an interrupted run, and how many of its statements are done.
    pub interrupted: Option<(i64, usize)>,
    pub session: &'a Session,
    pub patience: &'a Patience,
    pub listen: &'a dyn Fn(&Event),
}

impl Run<'_> {
    pub fn run(&self, held: &mut Held<'_>) -> Result<(), Error> {
        let Entry { migration, direction, .. } = self.entry;
        let (text, mode) = match direction {
            Direction::Up => (migration.up, migration.mode),
            Direction::Down => (migration.down, migration.down_mode),
        };
        // The checksum is that of LF line ends, and so is what runs: a function's body keeps them.
        let text = text.replace("\r\n", "\n");
        let statements = statements(&text);
        self.refuse_transactions(&statements)?;
        match mode {
            Mode::Transaction => self.retry().run(held, |held| self.transaction(held, &statements)),
            Mode::None => self.one_by_one(held, &statements),
        }
    }

    /// A COMMIT would keep the half of a migration that history knows nothing of.
    fn refuse_transactions(&self, statements: &[Statement<'_>]) -> Result<(), Error> {
        let Some(statement) = statements.iter().find(|statement| statement.controls_transaction()) else {
            return Ok(());
        };
        Err(Error::new(
            Reason::Refused,
            format!("{}:{}: a migration cannot begin or end a transaction", self.file(), statement.line),
        )
        .of(self.entry.migration)
        .help("remove the statement; `mode` in the header says whether the file runs in a transaction"))
    }

    fn transaction(&self, client: &mut Client, statements: &[Statement<'_>]) -> Result<(), Error> {
        let fail = Error::sql("cannot begin a transaction");
        let mut transaction = client.transaction().map_err(fail)?;
        session::set(&mut transaction, session::SETTINGS, true)?;
        session::set(&mut transaction, &[("lock_timeout", &self.patience.lock_timeout())], true)?;
        for statement in statements {
            transaction.batch_execute(statement.sql).map_err(|error| self.failed(statement, error))?;
        }
        self.session.put_back(&mut transaction)?;
        history::finished(&mut transaction, &self.entry, statements.len())?;
        let file = self.file();
        transaction.commit().map_err(|error| Error::sql(&file)(error).of(self.entry.migration))
    }

    /// Each statement commits by itself, and then what is done is noted: a crash between the two leaves
    /// one statement that is done and not noted.
    fn one_by_one(&self, held: &mut Held<'_>, statements: &[Statement<'_>]) -> Result<(), Error> {
        let (id, done) = match self.interrupted {
            Some(interrupted) => interrupted,
            None => (history::started(&mut **held, &self.entry)?, 0),
        };
        for (at, statement) in statements.iter().enumerate().skip(done) {
            let again = at == done && self.interrupted.is_some();
            let ran = self.retry().run(held, |held| self.alone(held, statement, again));
            let restored = self.session.put_back(&mut **held);
            if let Err(error) = ran {
                // The error of the statement is the one to tell.
                let _ = history::progress(&mut **held, id, at, Some(error.message()));
                return Err(error.help(format!(
                    "it runs outside a transaction: {at} of its {} statements are done and kept; mend the cause \
                     and run the same command again, which goes on from here",
                    statements.len()
                )));
            }
            restored?;
            history::progress(&mut **held, id, at + 1, None)?;
            held.verify()?;
        }
        history::finish(&mut **held, id)
    }

    fn alone(&self, held: &mut Held<'_>, statement: &Statement<'_>, again: bool) -> Result<(), Error> {
        session::set(&mut **held, session::SETTINGS, false)?;
        let application = format!("planwright {}", self.entry.migration.stem());
        // It is cut at 63 bytes with a notice.
        session::set(&mut **held, &[("application_name", &application)], false)?;
        session::set(&mut **held, &[("lock_timeout", &self.lock_timeout(statement))], false)?;
        if again && leftover::is_done(held, statement)? {
            return Ok(());
        }
        let ran = held.batch_execute(statement.sql).map_err(|error| self.failed(statement, error));
        // The next run clears it if this session no longer can.
        match ran.is_err() && leftover::clear(held, statement).unwrap_or(false) {
            true => Ok(()),
            false => ran,
        }
    }

    /// What works CONCURRENTLY waits for other transactions without stopping anybody; a timeout there
    /// only leaves something half built.
    fn lock_timeout(&self, statement: &Statement<'_>) -> String {
        let vacuums = matches!(statement.words().first().map(|word| &**word), Some("vacuum" | "analyze"));
        match vacuums || statement.has_word("concurrently") {
            true => "0".to_owned(),
            false => self.patience.lock_timeout(),
        }
    }

    fn retry(&self) -> Retry<'_> {
        Retry { what: self.entry.migration.stem(), patience: self.patience, listen: self.listen }
    }

    fn failed(&self, statement: &Statement<'_>, error: postgres::Error) -> Error {
        Error::statement(self.entry.migration, self.entry.direction, statement, error)
    }

    fn file(&self) -> String {
        self.entry.migration.file(self.entry.direction)
    }
}
