//! What `scripts/prove` proves of blocks of a reference design, in which they stand as they are emitted: `tests/formal`.

use std::path::Path;
use std::process::Command;

#[test]
fn every_quick_proof_holds() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/prove");
    let outcome = Command::new(script).arg("--quick").output().expect("scripts/prove starts");
    assert!(
        outcome.status.success(),
        "{}{}",
        String::from_utf8_lossy(&outcome.stdout),
        String::from_utf8_lossy(&outcome.stderr)
    );
}
