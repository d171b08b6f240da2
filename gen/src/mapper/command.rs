//! Commands as bytes: every field is checked against its width.

use super::MapError;
use hw::program::{self, table, Field, COMMAND_WORDS};
use hw::rlc::Format;

/// Writes a field, or says that the value does not fit.
pub(super) fn set(words: &mut [u64], what: &'static str, field: Field, value: usize) -> Result<(), MapError> {
    let (value, max) = (value as u64, field.mask());
    if value > max {
        return Err(MapError::Limit { what, value, max, remedy: "split the layer" });
    }
    field.set(words, value);
    Ok(())
}

/// A command that is being written.
pub(super) struct Command {
    words: [u64; COMMAND_WORDS],
    error: Option<MapError>,
}

impl Command {
    pub fn new(opcode: u64) -> Command {
        let mut words = [0; COMMAND_WORDS];
        program::OPCODE.set(&mut words, opcode);
        Command { words, error: None }
    }

    /// Sets a flag.
    pub fn flag(mut self, flag: u64, on: bool) -> Command {
        let flags = program::FLAGS.get(&self.words);
        program::FLAGS.set(&mut self.words, if on { flags | flag } else { flags });
        self
    }

    /// With the flags of a slot in this format, if there is one: `slot` itself, and `masks`.
    pub fn in_format(self, slot: u64, masks: u64, format: Option<Format>) -> Command {
        self.flag(slot, format.is_some()).flag(masks, format == Some(Format::Masks))
    }

    /// Sets a field; a value that does not fit makes [`Program::push`] fail.
    pub fn with(mut self, what: &'static str, field: Field, value: usize) -> Command {
        if let Err(error) = set(&mut self.words, what, field, value) {
            self.error.get_or_insert(error);
        }
        self
    }

    /// Sets a field to a 64-bit address.
    pub fn address(mut self, field: Field, address: u64) -> Command {
        field.set(&mut self.words, address);
        self
    }

    /// Sets a field to a number in two's complement, which the caller knows to fit.
    pub fn signed(mut self, field: Field, value: i64) -> Command {
        field.set(&mut self.words, value as u64);
        self
    }
}

/// A program that is being written.
#[derive(Default)]
pub(super) struct Program {
    pub bytes: Vec<u8>,
}

impl Program {
    /// Appends a command, sealed.
    pub fn push(&mut self, mut command: Command) -> Result<(), MapError> {
        if let Some(error) = command.error {
            return Err(error);
        }
        program::seal(&mut command.words);
        self.words(&command.words);
        Ok(())
    }

    /// Appends a table, in as many commands as it takes.
    pub fn table(&mut self, target: u64, entries: &[u64]) -> Result<(), MapError> {
        for part in entries.chunks(table::COUNT.mask() as usize) {
            let mut payload = part.to_vec();
            payload.resize(part.len().next_multiple_of(COMMAND_WORDS), 0);
            let sum = program::sum_of_halves(&payload);
            let command = Command::new(program::op::TABLE)
                .with("a table's number", table::TARGET, target as usize)
                .with("a table's length", table::COUNT, part.len())
                .with("a table's sum", table::PAYLOAD_SUM, sum as usize);
            self.push(command)?;
            self.words(&payload);
        }
        Ok(())
    }

    fn words(&mut self, words: &[u64]) {
        self.bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }
}
