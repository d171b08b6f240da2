//! What a command says on its standard output.

use std::io::{self, Write};

/// Prints `text`. A reader that has had enough, as in `gen --json | head`, is no error.
pub fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}
