//! Files that appear whole or not at all.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::{fs, io::ErrorKind};
use tempfile::NamedTempFile;

/// Writes a file in place of what is there: a temporary file beside it is renamed once it is complete.
pub fn replace(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let target = checked_target(path)?;
    let write_to = |file: &mut dyn Write| {
        let mut file = BufWriter::new(file);
        content(&mut file)?;
        file.flush()
    };
    // Never rename over a device or a pipe.
    if fs::metadata(&target).is_ok_and(|metadata| !metadata.is_file()) {
        return write_to(&mut fs::OpenOptions::new().write(true).open(&target)?);
    }
    let mut file = temporary(folder_of(&target))?;
    write_to(&mut file)?;
    file.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

/// Whether [`replace`] could write to `path`, found out before long work whose result it is to hold.
pub fn check_writable(path: &Path) -> io::Result<()> {
    let target = checked_target(path)?;
    match fs::metadata(&target).is_ok_and(|metadata| !metadata.is_file()) {
        true => Ok(()),
        false => temporary(folder_of(&target)).map(|_| ()),
    }
}

/// `path` behind links, if its folder exists and it is none itself.
fn checked_target(path: &Path) -> io::Result<PathBuf> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.into());
    fs::metadata(folder_of(&target))?; // a missing folder is named as such, and not by a temporary file in it
    match target.is_dir() {
        true => Err(ErrorKind::IsADirectory.into()),
        false => Ok(target),
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// A temporary file with the permissions that a plain new file would have.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    // Without the temporary name, of which the user knows nothing.
    builder.prefix(".tessera-").tempfile_in(folder).map_err(|error| error.kind().into())
}
