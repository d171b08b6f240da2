//! Fields that the mapper needs and `hw::program` does not have yet (see `/tmp/mapper-notes.md`).

use hw::program::{field, Field};

/// A psum source: row of the PE at the bottom of the stack, which takes psums from the buffer. `SOURCE_ROW` is that at its top.
pub const SOURCE_FEED: Field = field(0, 36, 8);
/// STORE: entry of the store table for the first row of the first filter group.
pub const STORE_FIRST: Field = field(6, 32, 16);
