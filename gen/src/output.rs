//! A folder that is replaced whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

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
    #[error("`{0}` exists and holds no `design.json`; it is not replaced: choose another `--out`, or remove it")]
    Foreign(PathBuf),
    /// The file system said no.
    #[error("cannot write `{0}`: {1}")]
    Io(PathBuf, io::Error),
}

/// Writes `files` to `folder`, in place of a design that is there.
///
/// Everything is written beside it first and then renamed: a reader sees the old design or the new one.
pub fn replace_folder(folder: &Path, files: &[OutputFile]) -> Result<(), OutputError> {
    let fail = |path: &Path| {
        let path = path.to_path_buf();
        move |e| OutputError::Io(path, e)
    };
    if folder.exists() && !folder.join("design.json").is_file() && !is_empty(folder) {
        return Err(OutputError::Foreign(folder.into()));
    }
    let parent = match folder.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(fail(parent))?;
    let staging = tempfile::Builder::new().prefix(".gen-").tempdir_in(parent).map_err(fail(parent))?;
    let fresh = staging.path().join("new");
    for file in files {
        let path = fresh.join(&file.path);
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).map_err(fail(&path))?;
        }
        fs::write(&path, &file.text).map_err(fail(&path))?;
    }
    let old = staging.path().join("old");
    if folder.exists() {
        fs::rename(folder, &old).map_err(fail(folder))?;
    }
    if let Err(e) = fs::rename(&fresh, folder) {
        if old.exists() {
            fs::rename(&old, folder).map_err(fail(folder))?;
        }
        return Err(OutputError::Io(folder.into(), e));
    }
    Ok(())
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> OutputFile {
        OutputFile { path: path.into(), text: text.into() }
    }

    #[test]
    fn a_design_is_replaced_whole() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("deep/design");
        replace_folder(&out, &[file("design.json", "1"), file("rtl/old.v", "x")]).unwrap();
        replace_folder(&out, &[file("design.json", "2"), file("rtl/new.v", "y")]).unwrap();
        assert_eq!(fs::read_to_string(out.join("design.json")).unwrap(), "2");
        assert!(!out.join("rtl/old.v").exists(), "nothing of the old design is left");
        let beside: Vec<_> = fs::read_dir(dir.path().join("deep")).unwrap().collect();
        assert_eq!(beside.len(), 1, "no temporary folder is left");
    }

    #[test]
    fn a_folder_of_someone_else_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("thesis.tex"), "years of work").unwrap();
        let error = replace_folder(dir.path(), &[file("design.json", "1")]).unwrap_err();
        assert!(matches!(error, OutputError::Foreign(_)));
        assert!(dir.path().join("thesis.tex").exists());
    }
}
