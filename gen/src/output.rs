//! A folder that is replaced whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// What a folder holds, and by which file of its own it is known.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The file: JSON, an object whose `top` is [`TOP`](crate::generate::TOP).
    pub mark: &'static str,
    /// Another field that the object has.
    pub field: &'static str,
}

/// A design.
pub const DESIGN: Kind = Kind { mark: "design.json", field: "spec" };

/// A file of a design: its path within the design's folder, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Relative path, with `/`.
    pub path: String,
    /// Content.
    pub text: String,
}

/// Why a folder could not be written.
#[derive(Debug, Error)]
pub enum OutputError {
    /// The folder holds something that this program did not write.
    #[error(
        "`{0}` holds files, and no `{1}` of this program's; it is not replaced: choose another `--out`, or remove it"
    )]
    Foreign(PathBuf, &'static str),
    /// Something else than a folder has its name.
    #[error("`{0}` is not a folder; choose another `--out`, or remove it")]
    NotAFolder(PathBuf),
    /// The file system said no.
    #[error("cannot write `{0}`: {1}")]
    Io(PathBuf, io::Error),
}

/// Writes a design's `files` to `folder`, in place of a design that is there; see [`replace_kind`].
pub fn replace_folder(folder: &Path, files: &[OutputFile]) -> Result<(), OutputError> {
    let files: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.text.as_bytes())).collect();
    replace_kind(folder, DESIGN, &files)
}

/// Writes `files` (path within the folder, with `/`; content) to `folder`, in place of what is there, if that is of the same kind.
///
/// Everything is written beside it first and then renamed: whoever opens a file of `folder` gets the old design's or the
/// new one's, at any time, and whatever fails on the way leaves the old one as it was.
pub fn replace_kind(folder: &Path, kind: Kind, files: &[(&str, &[u8])]) -> Result<(), OutputError> {
    // Through a link, and with a parent even where `folder` is `.`.
    let target = fs::canonicalize(folder).unwrap_or_else(|_| folder.into());
    may_be_replaced(&target, folder, kind)?;
    let parent = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => OutputError::NotAFolder(parent.into()),
        _ => OutputError::Io(parent.into(), error),
    })?;
    let staging = tempfile::Builder::new().prefix(".gen-").tempdir_in(parent);
    // Without the temporary name, of which the user knows nothing.
    let staging = staging.map_err(|error| OutputError::Io(parent.into(), error.kind().into()))?;
    let fresh = staging.path().join("new");
    for (name, content) in files {
        let fail = |error| OutputError::Io(folder.join(name), error);
        let path = fresh.join(name);
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).map_err(fail)?;
        }
        fs::write(&path, content).map_err(fail)?;
    }
    put_in_place(&fresh, &target, &staging.path().join("old")).map_err(|error| OutputError::Io(folder.into(), error))
}

/// Whether `target`, which the user calls `folder`, is free, empty or of this kind.
fn may_be_replaced(target: &Path, folder: &Path, kind: Kind) -> Result<(), OutputError> {
    match fs::symlink_metadata(target) {
        Err(_) => Ok(()),
        Ok(metadata) if !metadata.is_dir() => Err(OutputError::NotAFolder(folder.into())),
        Ok(_) if is_of(target, kind) || is_empty(target) => Ok(()),
        Ok(_) => Err(OutputError::Foreign(folder.into(), kind.mark)),
    }
}

/// Whether `folder` holds the mark that this program gave it.
fn is_of(folder: &Path, kind: Kind) -> bool {
    let text = fs::read_to_string(folder.join(kind.mark)).unwrap_or_default();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    json["top"] == crate::generate::TOP && json[kind.field].is_object()
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// Renames `fresh` to `target`; what was there ends up beside it, at `fresh` or `old`.
fn put_in_place(fresh: &Path, target: &Path, old: &Path) -> io::Result<()> {
    if !target.exists() {
        return fs::rename(fresh, target);
    }
    match exchange(fresh, target) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
        done => return done,
    }
    fs::rename(target, old)?;
    fs::rename(fresh, target).inspect_err(|_| {
        // The error that is told is the first one.
        let _ = fs::rename(old, target);
    })
}

/// Exchanges two folders at once; `Unsupported` where the system or the file system cannot.
#[cfg(target_os = "linux")]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{renameat_with, RenameFlags, CWD};
    use rustix::io::Errno;
    match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Err(io::ErrorKind::Unsupported.into()),
        done => Ok(done?),
    }
}

/// Exchanges two folders at once; `Unsupported` where the system or the file system cannot.
#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
