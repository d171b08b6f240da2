use super::EngineError;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Where compiled designs are kept: `$TESSERA_CACHE`, else `$XDG_CACHE_HOME/tessera`, else `~/.cache/tessera`.
pub fn cache_dir() -> PathBuf {
    let of = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    of("TESSERA_CACHE")
        .or_else(|| of("XDG_CACHE_HOME").map(|dir| dir.join("tessera")))
        .or_else(|| of("HOME").map(|dir| dir.join(".cache/tessera")))
        .unwrap_or_else(|| std::env::temp_dir().join("tessera-cache"))
}

/// A name for what `parts` determine.
pub(super) fn key(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize()[..16].iter().fold(String::new(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}

/// The file `name` of the cache in `dir`, which `make` writes to the path it is given if it is not there yet.
///
/// A file appears in the cache complete or not at all, however many processes make it; this one makes one at a time.
pub(super) fn file(
    dir: &Path,
    name: &str,
    make: impl FnOnce(&Path) -> Result<(), EngineError>,
) -> Result<PathBuf, EngineError> {
    static MAKING: Mutex<()> = Mutex::new(());
    let path = dir.join(name);
    if path.exists() {
        return Ok(path);
    }
    let _making = MAKING.lock().unwrap_or_else(|e| e.into_inner());
    if path.exists() {
        return Ok(path);
    }
    std::fs::create_dir_all(dir).map_err(EngineError::io(dir))?;
    let part = tempfile::Builder::new().prefix("part-").tempdir_in(dir).map_err(EngineError::io(dir))?;
    let made = part.path().join(name);
    make(&made)?;
    std::fs::rename(&made, &path).map_err(EngineError::io(&path))?;
    Ok(path)
}
