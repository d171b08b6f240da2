//! A list of everything that is wrong with an input, so that a user mends it in one go.

use std::fmt;

/// Every problem that a check found, in the order of the fields; never empty.
///
/// Displays one problem per line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems<E>(Vec<E>);

impl<E> Problems<E> {
    /// `Ok` if `found` is empty, else all of it.
    pub fn none_of(found: Vec<E>) -> Result<(), Self> {
        match found.is_empty() {
            true => Ok(()),
            false => Err(Problems(found)),
        }
    }

    /// The problems, in the order of the fields.
    pub fn list(&self) -> &[E] {
        &self.0
    }
}

impl<E: fmt::Display> fmt::Display for Problems<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for Problems<E> {}
