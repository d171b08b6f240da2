//! What tests across crates share.

use std::env;
use std::path::PathBuf;

/// A program of the Python environment that `scripts/setup` makes.
pub fn python(program: &str) -> PathBuf {
    let home = || PathBuf::from(env::var_os("HOME").expect("a home")).join(".cache");
    let cache = env::var_os("XDG_CACHE_HOME").map_or_else(home, PathBuf::from);
    let path = cache.join("tessera/python/bin").join(program);
    assert!(path.exists(), "{} is missing; run scripts/setup", path.display());
    path
}
