//! A folder for a server that lives as long as this process, in memory where the machine keeps files there.
//!
//! Separate because it outlives a process that is killed: the next one removes it.

use std::{
    ffi::CStr,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

pub(super) struct Folder {
    folder: TempDir,
    /// Locked as long as this process lives, so that the next one can tell what was left behind.
    _lock: File,
}

const PREFIX: &str = "planwright-";

/// A socket's path may have about a hundred bytes.
const LONGEST: usize = 70;

/// Where Linux keeps files in memory, and how much of it (bytes) must be free; containers often have 64 MB.
const MEMORY: &CStr = c"/dev/shm";
const ROOM: u64 = 4 << 30;

impl Folder {
    pub fn new() -> io::Result<Folder> {
        let parent = parent();
        sweep(&parent);
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        let lock = locked(folder.path())?;
        Ok(Folder { folder, _lock: lock })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn parent() -> PathBuf {
    if std::env::var_os("TMPDIR").is_none() && free(MEMORY) >= ROOM {
        return PathBuf::from("/dev/shm");
    }
    let folder = std::env::temp_dir();
    if folder.as_os_str().len() > LONGEST { PathBuf::from("/tmp") } else { folder }
}

/// The bytes that are free where a folder is; none where it is not.
#[allow(clippy::useless_conversion, reason = "blocks are counted in 32 bits on macOS")]
fn free(folder: &CStr) -> u64 {
    // SAFETY: statvfs is plain numbers, for which zero is a value; the call fills it in for a path that ends in NUL.
    unsafe {
        let mut answer: libc::statvfs = std::mem::zeroed();
        if libc::statvfs(folder.as_ptr(), &mut answer) != 0 {
            return 0;
        }
        u64::from(answer.f_bavail).saturating_mul(answer.f_frsize)
    }
}

/// The lock is taken before it has its name, so that nobody finds it open.
fn locked(folder: &Path) -> io::Result<File> {
    let unnamed = folder.join("lock.new");
    let lock = File::create(&unnamed)?;
    lock.try_lock()?;
    fs::rename(unnamed, folder.join("lock"))?;
    Ok(lock)
}

/// Removes the folders of runs that were killed: theirs are locked by nobody.
fn sweep(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if ours && File::open(entry.path().join("lock")).is_ok_and(|lock| lock.try_lock().is_ok()) {
            // It may be another user's; then it stays.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
