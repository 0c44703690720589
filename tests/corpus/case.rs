//! How one case runs: plan, apply with psql, judge.
//! Separate because the steps are the same for every suite.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    judge::Judge,
    servers::{Answer, Database, Plan, Server, end_of},
    suites::{Case, Question},
};

/// How a case can end other than well.
pub enum Fault {
    /// `plan` said no (exit 1).
    Refused(String),
    /// Anything else.
    Failed(String),
}

/// Runs cases one after another, keeping a state that the next case starts from.
pub struct Worker<'a> {
    server: Arc<Server>,
    plan: Plan,
    judge: Judge,
    output: &'a Path,
    last: Option<Arc<State>>,
}

/// A file of the corpus as psql loads it.
struct State {
    path: PathBuf,
    database: Database,
    dump: PathBuf,
}

impl<'a> Worker<'a> {
    pub fn new(server: Arc<Server>, plan: Plan, corpus: &Path, output: &'a Path) -> Worker<'a> {
        let judge = Judge::new(corpus, &server.binaries);
        Worker { server, plan, judge, output, last: None }
    }

    pub fn run(&mut self, case: &Case) -> Result<(), Fault> {
        let folder = self.output.join(&case.name);
        let _ = fs::remove_dir_all(&folder);
        match &case.question {
            Question::Whole(path) => self.whole(path, &folder),
            Question::Begin(path) => self.begin(path, &folder),
            Question::Lint { migrations, strict } => self.lint(migrations, *strict, &folder),
            Question::Both { old, new } => {
                let old = self.state(old)?;
                let new = self.state(new)?;
                self.last = Some(new.clone());
                let forward = self.direction(&old, &new, &folder.join("forward"));
                let back = self.direction(&new, &old, &folder.join("back"));
                worse(label("forward", forward), label("back", back))
            }
        }
    }

    /// Drops the state that was kept for a next case.
    pub fn forget(&mut self) {
        self.last = None;
    }

    fn whole(&self, path: &Path, folder: &Path) -> Result<(), Fault> {
        let file = text(path);
        let wanted = self.load(path)?;
        let nothing = self.dump(&self.server.empty());
        let candidate = self.server.empty();
        let create = self.apply(&candidate, "empty", file, &[], &folder.join("create"));
        label("create", create)?;
        label("create", self.compare(&candidate, &wanted.dump, &folder.join("create")))?;
        let again = self.no_difference(&candidate.url(), file, &folder.join("again"));
        let reverse = self
            .apply(&candidate, "empty", file, &["--reverse"], &folder.join("reverse"))
            .and_then(|()| self.compare(&candidate, &nothing, &folder.join("reverse")));
        worse(label("again", again), label("reverse", reverse))
    }

    /// `init` from a database, then `plan` and `plan --database`: nothing to do; and psql makes the same
    /// database of its `schema.sql`.
    fn begin(&self, path: &Path, folder: &Path) -> Result<(), Fault> {
        let there = self.load(path)?;
        let project = folder.join("project");
        let (url, project) = (there.database.url(), text(&project).to_owned());
        let done = |arguments: &[&str], folder: &str| {
            let folder = Path::new(&project).with_file_name(folder);
            fs::create_dir_all(&folder).expect("the output folder can be written");
            match self.plan.run(&[arguments, &["-C", &project]].concat(), &folder) {
                Answer::Done { talk, .. } => Ok(talk),
                Answer::Refused(talk) => Err(Fault::Refused(end_of(&talk, 800).to_owned())),
                Answer::Failed(talk) => Err(Fault::Failed(end_of(&talk, 800).to_owned())),
            }
        };
        label("init", done(&["init", "--from", &url], "init").map(drop))?;
        for (word, arguments) in
            [("plan", &[][..]), ("check", &["--check"]), ("database", &["--database", &url])]
        {
            match done(arguments, word) {
                Ok(talk) if talk.contains("nothing to do") => {}
                Ok(talk) => return Err(Fault::Failed(format!("{word}: {}", end_of(&talk, 800)))),
                Err(fault) => return label(word, Err(fault)),
            }
        }
        let candidate = self.server.empty();
        let file = Path::new(&project).join("schema.sql");
        candidate.run_file(&file).map_err(|error| Fault::Failed(format!("psql: {}", end_of(&error, 600))))?;
        self.compare(&candidate, &there.dump, folder)
    }

    /// Every file runs, and is judged.
    fn lint(&self, migrations: &Path, strict: Option<&str>, folder: &Path) -> Result<(), Fault> {
        let more: &[&str] = if strict.is_some() { &["--policy", "strict"] } else { &[] };
        fs::create_dir_all(folder).expect("the output folder can be written");
        if let Answer::Failed(talk) = self.plan.lint(text(migrations), more, folder) {
            return Err(Fault::Failed(end_of(&talk, 800).to_owned()));
        }
        let found = fs::read_to_string(folder.join("plan.sql")).expect("it was written");
        let found: serde_json::Value = serde_json::from_str(&found).expect("it is JSON");
        let mut broken = Vec::new();
        let mut judged = BTreeSet::new();
        for one in found["findings"].as_array().expect("a list") {
            let file = Path::new(one["file"].as_str().expect("a path")).file_stem().unwrap_or_default();
            // One is empty: what it did was taken out of it with its extension.
            if strict.is_none()
                || ["not-strict", "no-statement"].contains(&one["rule"].as_str().expect("an id"))
            {
                judged.insert(file.to_string_lossy().into_owned());
            }
            if one["rule"] == "does-not-run" {
                broken.push(format!("{}: {}", file.display(), one["message"]));
            }
        }
        if !broken.is_empty() {
            return Err(Fault::Failed(broken.join("\n")));
        }
        let Some(strict) = strict else { return Ok(()) };
        // The first two make what the patches stand on.
        judged.retain(|file| !["0001_prelude", "0002_base"].contains(&file.as_str()));
        let wanted: BTreeSet<String> = strict.lines().map(String::from).collect();
        let differs: Vec<&String> = judged.symmetric_difference(&wanted).collect();
        if differs.is_empty() { Ok(()) } else { Err(Fault::Failed(format!("told or not told: {differs:?}"))) }
    }

    fn direction(&self, from: &State, to: &State, folder: &Path) -> Result<(), Fault> {
        let candidate = self.server.copy(&from.database);
        self.apply(&candidate, text(&from.path), text(&to.path), &[], folder)?;
        self.compare(&candidate, &to.dump, folder)
    }

    /// Plans, and runs the plan on `candidate` with psql.
    fn apply(
        &self,
        candidate: &Database,
        from: &str,
        to: &str,
        more: &[&str],
        folder: &Path,
    ) -> Result<(), Fault> {
        self.ask(from, to, more, folder)?;
        let plan = folder.join("plan.sql");
        candidate.run_file(&plan).map_err(|error| Fault::Failed(format!("psql: {}", end_of(&error, 600))))
    }

    fn no_difference(&self, from: &str, to: &str, folder: &Path) -> Result<(), Fault> {
        match self.ask(from, to, &[], folder)? {
            sql if sql.trim().is_empty() => Ok(()),
            sql => Err(Fault::Failed(format!("a second plan is not empty: {}", end_of(&sql, 400)))),
        }
    }

    fn ask(&self, from: &str, to: &str, more: &[&str], folder: &Path) -> Result<String, Fault> {
        fs::create_dir_all(folder).expect("the output folder can be written");
        match self.plan.diff(from, to, more, folder) {
            Answer::Done { sql, .. } => Ok(sql),
            Answer::Refused(talk) => Err(Fault::Refused(end_of(&talk, 800).to_owned())),
            Answer::Failed(talk) => Err(Fault::Failed(format!("plan: {}", end_of(&talk, 800)))),
        }
    }

    fn compare(&self, candidate: &Database, wanted: &Path, folder: &Path) -> Result<(), Fault> {
        self.judge.compare(candidate, wanted, &folder.join("judge.txt")).map_err(Fault::Failed)
    }

    /// The state of a file, the kept one if it is that.
    fn state(&self, path: &Path) -> Result<Arc<State>, Fault> {
        match &self.last {
            Some(state) if state.path == path => Ok(state.clone()),
            _ => Ok(Arc::new(self.load(path)?)),
        }
    }

    fn load(&self, path: &Path) -> Result<State, Fault> {
        let database = self.server.empty();
        database
            .run_file(path)
            .map_err(|error| Fault::Failed(format!("the corpus does not load: {error}")))?;
        let dump = self.dump(&database);
        Ok(State { path: path.to_owned(), database, dump })
    }

    fn dump(&self, database: &Database) -> PathBuf {
        let path = self.server.file(&format!("{}.dump", database.name));
        fs::write(&path, database.dump().expect("the judge has found pg_dump")).expect("the folder is ours");
        path
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.dump);
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the corpus has plain names")
}

fn label(direction: &str, result: Result<(), Fault>) -> Result<(), Fault> {
    result.map_err(|fault| match fault {
        Fault::Refused(reason) => Fault::Refused(format!("{direction}: {reason}")),
        Fault::Failed(reason) => Fault::Failed(format!("{direction}: {reason}")),
    })
}

/// A failure outweighs a refusal, and either outweighs success.
fn worse(one: Result<(), Fault>, other: Result<(), Fault>) -> Result<(), Fault> {
    match (one, other) {
        (Ok(()), other) => other,
        (one, Ok(())) => one,
        (Err(Fault::Failed(one)), Err(Fault::Failed(other))) => Err(Fault::Failed(format!("{one}\n{other}"))),
        (Err(Fault::Refused(_)), failed @ Err(Fault::Failed(_))) => failed,
        (one, _) => one,
    }
}
