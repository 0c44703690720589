//! The count of what passed, failed and was refused, and the list of what did not pass.
//! Separate because the same words go to the screen and to a file that two runs can be compared by.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::{case::Fault, suites::Case};

/// Cases that end other than the judge wants, each with the reason: `"pairs/suite/case" = "reason"`.
const REFUSED: &str = include_str!("refused.toml");

/// What has been seen so far.
pub struct Report {
    output: PathBuf,
    tallies: BTreeMap<&'static str, Tally>,
    lines: Vec<String>,
    /// How many of those refused are listed.
    listed: BTreeMap<&'static str, usize>,
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    refused: usize,
    not_run: usize,
}

impl Report {
    pub fn new(output: &Path) -> Report {
        Report {
            output: output.to_owned(),
            tallies: BTreeMap::new(),
            lines: Vec::new(),
            listed: BTreeMap::new(),
        }
    }

    /// Counts a case; None is one that there was no time for.
    ///
    /// One that is listed as refused and passes has failed: the list is to be true.
    pub fn add(&mut self, case: &Case, outcome: Option<Result<(), Fault>>) {
        let listed = REFUSED.lines().filter_map(|line| line.split_once(" = "));
        let listed = listed.map(|(name, why)| (name.trim_matches('"'), why.trim_matches('"')));
        let reason = listed.into_iter().find(|(name, _)| *name == case.name).map(|(_, why)| why.to_string());
        let outcome = match (reason, outcome) {
            (Some(_), Some(Ok(()))) => {
                Some(Err(Fault::Failed("refused.toml lists it, and it passes".into())))
            }
            (Some(why), Some(Err(_))) => {
                *self.listed.entry(case.suite).or_default() += 1;
                Some(Err(Fault::Refused(why)))
            }
            (_, outcome) => outcome,
        };
        let tally = self.tallies.entry(case.suite).or_default();
        let (count, word, reason) = match outcome {
            None => (&mut tally.not_run, "not run", String::new()),
            Some(Ok(())) => (&mut tally.passed, "passed", String::new()),
            Some(Err(Fault::Refused(reason))) => (&mut tally.refused, "refused", reason),
            Some(Err(Fault::Failed(reason))) => (&mut tally.failed, "failed", reason),
        };
        *count += 1;
        self.lines.push(format!("{}\t{word}", case.name));
        if !reason.is_empty() {
            println!("{word} {}\n    {}", case.name, reason.replace('\n', "\n    "));
        }
    }

    /// Prints the table and writes it beside the cases; true when every bar is met.
    ///
    /// `bar` is the part of pairs and of history that must be equal, or refused for a reason that is listed. All of
    /// big must be equal.
    pub fn finish(mut self, bar: f64) -> bool {
        let mut met = true;
        println!();
        for (suite, tally) in &self.tallies {
            let Tally { passed, failed, refused, not_run } = *tally;
            println!("{suite} {passed} passed {failed} failed {refused} refused");
            let ran = passed + failed + refused;
            let fine =
                if *suite == "big" { passed } else { passed + self.listed.get(suite).copied().unwrap_or(0) };
            if not_run > 0 {
                println!("{suite} {not_run} not run: out of time");
            }
            let needed = if *suite == "big" { 1.0 } else { bar };
            if (fine as f64) < needed * ran as f64 {
                println!("{suite} is below its bar: {:.0} % of {ran} must be equal", 100.0 * needed);
                met = false;
            }
        }
        let sum = |count: fn(&Tally) -> usize| self.tallies.values().map(count).sum::<usize>();
        let (passed, failed, refused) = (sum(|t| t.passed), sum(|t| t.failed), sum(|t| t.refused));
        println!("total {passed} passed {failed} failed {refused} refused");
        self.lines.sort();
        fs::create_dir_all(&self.output).expect("the output folder can be written");
        let path = self.output.join("results.txt");
        fs::write(&path, self.lines.join("\n") + "\n").expect("the output folder can be written");
        println!("every verdict is in {}, the SQL of each case in a folder beside it", path.display());
        met
    }
}
