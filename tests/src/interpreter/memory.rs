//! DRAM: bytes from a base address on, each of which knows whether it was written.

use super::{fault, Fault};

/// A memory image.
#[derive(Clone, Debug)]
pub struct Memory {
    base: u64,
    bytes: Vec<u8>,
    state: Vec<State>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Empty,
    /// Put there by the host.
    Given,
    /// Written by the accelerator.
    Written,
}

impl Memory {
    /// `size` bytes from `base` on, none of them written.
    pub fn new(base: u64, size: usize) -> Memory {
        Memory { base, bytes: vec![0xa5; size], state: vec![State::Empty; size] }
    }

    /// The host's write. Panics outside the memory.
    pub fn put(&mut self, address: u64, bytes: &[u8]) {
        let at = (address - self.base) as usize;
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        self.state[at..at + bytes.len()].fill(State::Given);
    }

    /// What the accelerator wrote; a byte that it did not write is a fault.
    pub fn written(&self, address: u64, count: usize) -> Result<&[u8], Fault> {
        let at = (address - self.base) as usize;
        match self.state[at..at + count].iter().position(|state| *state != State::Written) {
            None => Ok(&self.bytes[at..at + count]),
            Some(hole) => fault!("byte {hole} of {count} of the ofmap was not written"),
        }
    }

    /// The accelerator's read.
    pub(super) fn read(&self, address: u64, count: usize) -> Result<&[u8], Fault> {
        let at = self.at(address, count)?;
        if self.state[at..at + count].iter().any(|state| *state != State::Given) {
            return fault!("{count} bytes are read at {address:#x}, which the host did not write");
        }
        Ok(&self.bytes[at..at + count])
    }

    /// The accelerator's read of a value of `bits` bits in its container.
    pub(super) fn read_word(&self, address: u64, bits: usize) -> Result<i64, Fault> {
        let size = hw::arch::container_bytes(bits);
        let mut wide = [0; 8];
        wide[..size].copy_from_slice(self.read(address, size)?);
        let value = super::signed(i64::from_le_bytes(wide), 8 * size);
        match super::signed(value, bits) == value {
            true => Ok(value),
            false => fault!("the word at {address:#x} is {value}, over {bits} bits"),
        }
    }

    /// The accelerator's write: each byte once, and none of the host's.
    pub(super) fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), Fault> {
        let at = self.at(address, bytes.len())?;
        let states = &mut self.state[at..at + bytes.len()];
        if states.iter().any(|state| *state != State::Empty) {
            return fault!("{} bytes are written at {address:#x}, over other data", bytes.len());
        }
        states.fill(State::Written);
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        Ok(())
    }

    fn at(&self, address: u64, count: usize) -> Result<usize, Fault> {
        let at = address.wrapping_sub(self.base);
        match at.checked_add(count as u64).is_some_and(|end| end <= self.bytes.len() as u64) {
            true => Ok(at as usize),
            false => fault!("address {address:#x} is outside the memory"),
        }
    }
}
