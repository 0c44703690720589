//! `generated/` as data, or everything that is wrong with it.
//!
//! Apart from the text that is made of it, because `migrate` reads a project's folder as it is.

use super::{
    Error, Problem, checksum, consistency,
    header::{DownHeader, Header, Unreadable},
    lf, project,
};
use crate::bundle::{Bundle, Direction, Migration, stem};
use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// The migrations of a project, read and found consistent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The project's name.
    pub name: String,
    /// Number and checksum of the newest migration.
    pub head: String,
    /// The text of `schema.lock`, if there is one.
    pub lock: Option<String>,
    /// In order, contiguous from 1.
    pub pairs: Vec<Pair>,
}

/// Both halves of one migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub number: u32,
    pub name: String,
    pub header: Header,
    pub down_header: DownHeader,
    /// With LF line ends.
    pub up: String,
    pub down: String,
    pub checksum: String,
    pub down_checksum: String,
}

impl Folder {
    /// Reads `generated/`; a folder that does not exist holds no migrations.
    pub fn read(generated: &Path) -> Result<Folder, Error> {
        let name = project::name(generated)?;
        let mut problems = Vec::new();
        let texts = read_texts(&generated.join("migrations"), &mut problems)?;
        let lock = read_lock(&generated.join("schema.lock"), &mut problems)?;
        let pairs: Vec<Pair> =
            texts.iter().filter_map(|(key, halves)| Pair::read(key, halves, &mut problems)).collect();
        let head = super::lock::head(pairs.last().map(|newest| (newest.number, &*newest.up, &*newest.down)));
        problems.extend(consistency::numbers(texts.keys()));
        problems.extend(consistency::versions(&pairs));
        problems.extend(lock.iter().flat_map(|lock| consistency::locked(lock, &pairs, &head)));
        problems.sort();
        problems.dedup();
        if problems.is_empty() {
            Ok(Folder { name, head, lock, pairs })
        } else {
            Err(Error::Broken(problems))
        }
    }

    /// What a [`Bundle`] of this folder is made of; see [`Folder::bundle`].
    pub fn migrations(&self) -> Vec<Migration<'_>> {
        self.pairs.iter().map(Pair::migration).collect()
    }

    /// The bundle that `generated/migrations.rs` would hold.
    pub fn bundle<'a>(&'a self, migrations: &'a [Migration<'a>]) -> Bundle<'a> {
        Bundle {
            name: &self.name,
            head: &self.head,
            lock: self.lock.as_deref().unwrap_or_default(),
            migrations,
            broken: None,
        }
    }
}

impl Pair {
    /// `0007_add_orders`.
    pub fn stem(&self) -> String {
        stem(self.number, &self.name)
    }

    pub fn migration(&self) -> Migration<'_> {
        Migration {
            number: self.number,
            name: &self.name,
            class: self.header.class,
            version: self.header.version,
            mode: self.header.mode,
            checksum: &self.checksum,
            up: &self.up,
            down_mode: self.down_header.mode,
            down_checksum: &self.down_checksum,
            down: &self.down,
            irreversible: self.down_header.irreversible.as_deref(),
        }
    }

    fn read((number, name): &(u32, String), halves: &Halves, problems: &mut Vec<Problem>) -> Option<Pair> {
        let stem = stem(*number, name);
        let up = half(&halves.up, &stem, Direction::Up, problems);
        let down = half(&halves.down, &stem, Direction::Down, problems);
        let mut unreadable = |direction, error: Unreadable| {
            problems.push(Problem {
                code: "migration-header",
                message: error.message,
                places: vec![(path(&stem, direction), Some(error.line))],
                help: "restore the header that `cargo run --bin plan` wrote".to_owned(),
            });
        };
        let header = up.and_then(|up| Header::read(up).map_err(|e| unreadable(Direction::Up, e)).ok());
        let down_header =
            down.and_then(|down| DownHeader::read(down).map_err(|e| unreadable(Direction::Down, e)).ok());
        Some(Pair::of(*number, name, header?, down_header?, up?, down?))
    }

    /// One that is not in a folder yet: the path of its up file, and both texts. `None` when they are no
    /// migration.
    pub fn written(path: &str, up: &str, down: &str) -> Option<Pair> {
        let (number, name, _) = file_name(path.rsplit('/').next()?)?;
        Some(Pair::of(number, name, Header::read(up).ok()?, DownHeader::read(down).ok()?, up, down))
    }

    fn of(number: u32, name: &str, header: Header, down_header: DownHeader, up: &str, down: &str) -> Pair {
        Pair {
            number,
            name: name.to_owned(),
            header,
            down_header,
            up: up.to_owned(),
            down: down.to_owned(),
            checksum: checksum(up),
            down_checksum: checksum(down),
        }
    }
}

/// The path of one half as people type it.
pub(super) fn path(stem: &str, direction: Direction) -> String {
    format!("generated/migrations/{stem}.{direction}.sql")
}

/// The texts of one migration, as far as there are any.
#[derive(Default)]
struct Halves {
    up: Half,
    down: Half,
}

#[derive(Default)]
enum Half {
    #[default]
    Missing,
    /// Said already why.
    Unreadable,
    Text(String),
}

fn half<'a>(
    half: &'a Half,
    stem: &str,
    direction: Direction,
    problems: &mut Vec<Problem>,
) -> Option<&'a String> {
    match half {
        Half::Text(text) => return Some(text),
        Half::Unreadable => {}
        Half::Missing => {
            let other = if direction == Direction::Up { Direction::Down } else { Direction::Up };
            problems.push(Problem {
                code: "migration-half",
                message: format!("{stem} has no {direction} file"),
                places: vec![(path(stem, other), None), (path(stem, direction), None)],
                help: "restore the missing file from git, or remove both and plan again".to_owned(),
            });
        }
    }
    None
}

/// Every file of the folder by number and name.
fn read_texts(folder: &Path, problems: &mut Vec<Problem>) -> Result<BTreeMap<(u32, String), Halves>, Error> {
    let mut texts: BTreeMap<(u32, String), Halves> = BTreeMap::new();
    for path in list(folder)? {
        let file = path.file_name().expect("an entry of a folder has a name").to_string_lossy().into_owned();
        // Finder, git and editors leave hidden files, and an interrupted write leaves its temporary one.
        if file.starts_with('.') {
            continue;
        }
        match file_name(&file).filter(|_| path.is_file()) {
            Some((number, name, direction)) => {
                let halves = texts.entry((number, name.to_owned())).or_default();
                let text = read_text(&path, &format!("generated/migrations/{file}"), problems)?;
                let text = text.map_or(Half::Unreadable, Half::Text);
                match direction {
                    Direction::Up => halves.up = text,
                    Direction::Down => halves.down = text,
                }
            }
            None => problems.push(Problem {
                code: "migration-name",
                message: format!("`{file}` is not a migration"),
                places: vec![(format!("generated/migrations/{file}"), None)],
                help:
                    "move it elsewhere; this folder holds NNNN_name.up.sql and NNNN_name.down.sql only, with \
                       NNNN of four digits from 0001 and a name of a-z, 0-9 and _"
                        .to_owned(),
            }),
        }
    }
    Ok(texts)
}

/// `0007_add_orders.up.sql` taken apart.
fn file_name(file: &str) -> Option<(u32, &str, Direction)> {
    let (rest, direction) = [Direction::Up, Direction::Down]
        .into_iter()
        .find_map(|direction| Some((file.strip_suffix(&format!(".{direction}.sql"))?, direction)))?;
    let (digits, name) = rest.split_once('_')?;
    let number: u32 = digits.parse().ok()?;
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let good = number > 0 && stem(number, name) == rest && !name.is_empty() && name.bytes().all(plain);
    good.then_some((number, name, direction))
}

fn read_lock(path: &Path, problems: &mut Vec<Problem>) -> Result<Option<String>, Error> {
    match fs::exists(path) {
        Ok(true) => read_text(path, "generated/schema.lock", problems),
        Ok(false) => Ok(None),
        Err(error) => Err(Error::file("cannot read", path)(error)),
    }
}

fn read_text(path: &Path, shown: &str, problems: &mut Vec<Problem>) -> Result<Option<String>, Error> {
    let bytes = fs::read(path).map_err(Error::file("cannot read", path))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(lf(&text))),
        Err(error) => {
            let line =
                error.as_bytes()[..error.utf8_error().valid_up_to()].split(|byte| *byte == b'\n').count();
            problems.push(Problem {
                code: "migration-encoding",
                message: "not UTF-8".to_owned(),
                places: vec![(shown.to_owned(), Some(line))],
                help: "restore the file from git".to_owned(),
            });
            Ok(None)
        }
    }
}

/// The entries of a folder by name; none when it does not exist.
pub(super) fn list(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::file("cannot read", folder)(error)),
    };
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(Error::file("cannot read", folder))?;
    paths.sort();
    Ok(paths)
}
