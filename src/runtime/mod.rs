//! A bundle applied to databases.
//!
//! Apart from everything else because services link it: it depends on `postgres` and the standard
//! library, and knows nothing of planning. What it keeps in a database is `schema.sql` at the top of
//! this crate, planned, embedded and applied like anybody's.
//!
//! An interrupted run is recognised. A migration in a transaction has left nothing. One outside has
//! left a row of history that is not finished; the next run goes on after the statements that are done.

mod backfill;
mod baseline;
mod connect;
mod error;
mod history;
mod leftover;
mod lock;
mod migrator;
mod report;
mod retry;
mod run;
mod session;
mod standing;
pub(crate) mod statements;
mod trash;

use self::migrator::Patience;
pub use self::{
    backfill::Backfill,
    connect::connect,
    error::Error,
    migrator::Migrator,
    report::{Applied, Entry, Event, Report, State, Status},
    session::SETTINGS,
    statements::{Statement, statements},
    trash::Trashed,
};
