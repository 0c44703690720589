//! Builds the state that a plan starts from while the state that it leads to is read.
//!
//! Apart from `plan`, because it is a guess: what is built is taken only where it turns out to be what is wanted.

use super::state::Scratch;
use crate::{catalog::Catalog, diagnostic::Result, prove, scratch::Database};
use std::{
    mem,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

/// A database and what is in it.
type Built = (Database, Catalog);

pub(super) struct Ahead {
    /// None: an empty database.
    state: Option<Catalog>,
    stop: Arc<AtomicBool>,
    built: Option<JoinHandle<Result<Built>>>,
}

impl Ahead {
    pub fn begin(state: Option<&Catalog>, scratch: &mut Scratch) -> Result<Ahead> {
        let mut database = scratch.database()?;
        let stop = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let (state, stop) = (state.cloned(), stop.clone());
            move || prove::build_ahead(&mut database, state.as_ref(), &stop).map(|read| (database, read))
        });
        Ok(Ahead { state: state.cloned(), stop, built: Some(thread) })
    }

    /// What was built, when it is this state.
    pub fn take(mut self, wanted: Option<&Catalog>) -> Option<Result<Built>> {
        let same = self.state.as_ref().map(|state| &state.objects) == wanted.map(|wanted| &wanted.objects);
        let built = self.built.take_if(|_| same)?;
        Some(built.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    }
}

impl Drop for Ahead {
    /// A database that nobody wants has to go, too.
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = mem::take(&mut self.built).map(JoinHandle::join);
    }
}
