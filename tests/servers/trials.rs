//! Functions as tests that share one server.
//! Separate because a server takes seconds to start, and `#[test]` functions cannot share one that ends.

use super::Server;
use libtest_mimic::{Arguments, Failed, Trial};
use std::{process::ExitCode, sync::Arc};

pub type Test = fn(&Arc<Server>);

/// Functions with their names.
macro_rules! tests {
    ($($test:ident),* $(,)?) => { &[$((stringify!($test), $test)),*] };
}
pub(crate) use tests;

pub fn trials<'a>(
    server: &Arc<Server>,
    tests: impl IntoIterator<Item = &'a (&'static str, Test)>,
) -> Vec<Trial> {
    let trial = |(name, test): &(&'static str, Test)| {
        let (server, test) = (server.clone(), *test);
        Trial::test(*name, move || {
            test(&server);
            Ok::<(), Failed>(())
        })
    };
    tests.into_iter().map(trial).collect()
}

/// `main` of a test that needs a server and nothing else; a machine without one runs none.
pub fn run(tests: &[(&'static str, Test)]) -> ExitCode {
    let arguments = Arguments::from_args();
    let Some(server) = Server::start() else { return ExitCode::SUCCESS };
    libtest_mimic::run(&arguments, trials(&server, tests)).exit_code()
}
