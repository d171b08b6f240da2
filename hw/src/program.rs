//! What the accelerator executes: the commands of a layer program, as they lie in memory.
//!
//! A program is a sequence of commands of eight 64-bit little-endian words. Word 0 holds the opcode, flags and a checksum;
//! the fields of the others are given by the constants below, read by the mapper that writes them and by the hardware that
//! decodes them. A `TABLE` command is followed by its payload, padded to whole commands.

/// Words of 64 bits in a command.
pub const COMMAND_WORDS: usize = 8;
/// Bytes in a command.
pub const COMMAND_BYTES: usize = 64;
/// The sum of a command's sixteen 32-bit halves, modulo 2^32.
pub const CHECKSUM: u32 = 0x7e55_e7a1;

/// Where a field lies in a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Word, 0 to 7.
    pub word: usize,
    /// Lowest bit within the word.
    pub low: usize,
    /// Width, bits.
    pub bits: usize,
}

/// A field of `bits` bits at bit `low` of word `word`.
pub const fn field(word: usize, low: usize, bits: usize) -> Field {
    Field { word, low, bits }
}

/// Opcode, in every command.
pub const OPCODE: Field = field(0, 0, 8);
/// Flags, in every command; see [`flag`].
pub const FLAGS: Field = field(0, 8, 8);
/// The word that makes the sum of all halves [`CHECKSUM`].
pub const SUM: Field = field(0, 32, 32);

/// Opcodes.
pub mod op {
    /// Layer constants for the array and its walkers. Waits until everything is idle.
    pub const LAYER: u64 = 1;
    /// A table of the sequencer or the configuration chain. Waits until everything is idle.
    pub const TABLE: u64 = 2;
    /// DRAM to global buffer: a tile of the ifmap.
    pub const LOAD: u64 = 3;
    /// DRAM to filter staging: packed filters, in the order of their use.
    pub const FILTER: u64 = 4;
    /// A processing pass of the array.
    pub const PASS: u64 = 5;
    /// DRAM to the output stage: bias, scale and shift of ofmap channels.
    pub const PARAMS: u64 = 6;
    /// Global buffer through the output stage to DRAM: finished psums.
    pub const STORE: u64 = 7;
    /// The end of a layer. Waits until everything is idle, then counts it as done and raises the interrupt.
    pub const END: u64 = 15;
}

/// Flag bits. A wait takes one count from a semaphore (and stalls its unit at 0), a post adds one.
pub mod flag {
    /// LOAD: wait for `ifmap_free` before the first word.
    pub const LOAD_WAIT_FREE: u64 = 1 << 0;
    /// LOAD: post `loaded` after the last word is in the buffer.
    pub const LOAD_POST_LOADED: u64 = 1 << 1;
    /// LOAD: the words come from a compressed slot; see [`crate::rlc`].
    pub const LOAD_RLC: u64 = 1 << 2;
    /// LOAD: the slot has masks, which the array must have been built for.
    pub const LOAD_MASKS: u64 = 1 << 3;
    /// PASS: the ifmap walker waits for `loaded` before it starts.
    pub const PASS_WAIT_LOADED: u64 = 1 << 0;
    /// PASS: the ifmap walker posts `ifmap_free` after its last read.
    pub const PASS_POST_FREE: u64 = 1 << 1;
    /// PASS: psums start at zero instead of being read from the buffer.
    pub const PASS_FIRST: u64 = 1 << 2;
    /// PASS: the psum collectors wait for `psum_free` before their first write.
    pub const PASS_WAIT_PSUM_FREE: u64 = 1 << 3;
    /// PASS: the psum collectors post `psum_done` after their last write.
    pub const PASS_POST_PSUM_DONE: u64 = 1 << 4;
    /// STORE: wait for `psum_done` before the first read.
    pub const STORE_WAIT_DONE: u64 = 1 << 0;
    /// STORE: post `psum_free` after the last read.
    pub const STORE_POST_FREE: u64 = 1 << 1;
    /// STORE: write raw psums instead of requantised words.
    pub const STORE_RAW: u64 = 1 << 2;
    /// STORE: clip negative results to zero (not with raw psums).
    pub const STORE_RELU: u64 = 1 << 3;
    /// STORE: write a compressed slot (not of raw psums); see [`crate::rlc`].
    pub const STORE_RLC: u64 = 1 << 4;
    /// STORE: the slot has masks, which the array must have been built for.
    pub const STORE_MASKS: u64 = 1 << 5;
}

/// Fields of `LAYER`. A name that ends in `_M1` holds a count less one.
pub mod layer {
    use super::{field, Field};
    /// Window of a PE: T = q·S words, less one.
    pub const TAPS_M1: Field = field(1, 0, 16);
    /// Words by which the window moves: min(U, S)·q.
    pub const STEP: Field = field(1, 16, 16);
    /// Filters p of a PE, less one.
    pub const FILTERS_M1: Field = field(1, 32, 16);
    /// Filter words of a PE and pass, p·T.
    pub const FILTER_WORDS: Field = field(1, 48, 16);
    /// Window positions F along an ofmap row, less one.
    pub const WINDOWS_M1: Field = field(2, 0, 16);
    /// Images n of a pass, less one.
    pub const IMAGES_M1: Field = field(2, 16, 16);
    /// Arithmetic shift right of each product.
    pub const PSUM_SHIFT: Field = field(2, 32, 8);
    /// Banks that hold ifmaps; the others hold psums.
    pub const IFMAP_BANKS: Field = field(2, 40, 8);
    /// Channels q of a PE, less one.
    pub const CHANNELS_M1: Field = field(2, 48, 16);
    /// Entries of the ifmap table, less one.
    pub const STREAMS_M1: Field = field(3, 0, 16);
    /// Ifmap width W before padding, words; columns outside 0..W are zero.
    pub const ROW_WIDTH: Field = field(3, 16, 16);
    /// Buffer words from a channel of a tile to the next.
    pub const CHANNEL_STRIDE: Field = field(3, 32, 32);
    /// Buffer words from an image of a tile to the next.
    pub const IMAGE_STRIDE: Field = field(4, 0, 32);
    /// Adjacent columns that are sent before a gap, less one.
    pub const COL_RUN_M1: Field = field(4, 32, 16);
    /// Columns of the gap (0 if U <= S).
    pub const COL_SKIP: Field = field(4, 48, 16);
    /// Runs of columns, less one.
    pub const COL_RUNS_M1: Field = field(5, 0, 16);
    /// Values of the row part of a filter tag, less one.
    pub const FILTER_Y_M1: Field = field(5, 16, 16);
    /// Values of the column part of a filter tag, less one.
    pub const FILTER_X_M1: Field = field(5, 32, 16);
    /// Lines of four words that a PE's filters fill, less one.
    pub const FILTER_LINES_M1: Field = field(5, 48, 16);
    /// Buffer lines from a filter's psums to the next filter's.
    pub const PSUM_FILTER_STRIDE: Field = field(6, 0, 32);
    /// Buffer lines from an image's psums to the next image's.
    pub const PSUM_IMAGE_STRIDE: Field = field(6, 32, 32);
    /// Entries of the source table of psum lane `lane`.
    pub const fn sources(lane: usize) -> Field {
        field(7, 16 * lane, 16)
    }
}

/// Fields of `TABLE`, and of the entries of each table.
pub mod table {
    use super::{field, Field};
    /// Which table; see the constants below.
    pub const TARGET: Field = field(1, 0, 8);
    /// Entries (64-bit words) that follow.
    pub const COUNT: Field = field(1, 16, 16);
    /// Sum of the payload's 32-bit halves (with its padding), modulo 2^32.
    pub const PAYLOAD_SUM: Field = field(1, 32, 32);

    /// The configuration chain: for each row from the last to the first, its PEs from the last column to the first and then the row's own word.
    pub const CHAIN: u64 = 0;
    /// The ifmap walker's streams.
    pub const IFMAP: u64 = 1;
    /// The store unit's rows.
    pub const STORE: u64 = 2;
    /// The sources of psum lane 0; lane l is this plus l.
    pub const PSUM: u64 = 4;

    /// An ifmap stream: row part of its tag.
    pub const STREAM_Y: Field = field(0, 0, 8);
    /// Column part of its tag.
    pub const STREAM_X: Field = field(0, 8, 16);
    /// Buffer words from the tile's base to row `STREAM_H`, channel `STREAM_C` of the tile (modulo the address width).
    pub const STREAM_OFFSET: Field = field(0, 24, 16 + 4);
    /// Row within the tile; zero is sent where it is outside the pass's `H_LO..H_HI`.
    pub const STREAM_H: Field = field(0, 44, 10);
    /// First channel within the tile; zero is sent for channels from the pass's `C_VALID` on.
    pub const STREAM_C: Field = field(0, 54, 10);

    /// A psum source: row of the PE at the top of the stack, whose psums are collected.
    pub const SOURCE_ROW: Field = field(0, 0, 8);
    /// Column of the PE within its lane: column / psum_lanes.
    pub const SOURCE_COL: Field = field(0, 8, 8);
    /// Buffer lines from the pass's psum base to the source's ofmap row.
    pub const SOURCE_OFFSET: Field = field(0, 16, 20);
    /// Row of the PE at the bottom of the stack, which is fed.
    pub const SOURCE_FEED: Field = field(0, 36, 8);

    /// A row for the store unit: psum lane.
    pub const ROW_LANE: Field = field(0, 0, 8);
    /// Buffer lines from the psum base to the row.
    pub const ROW_OFFSET: Field = field(0, 16, 20);
}

/// Fields of `LOAD`: `outer` times `inner` runs of adjacent elements. Of a compressed slot at `ADDRESS`, a multiple of 16, they are the
/// stream's words in order, and the strides in bytes mean nothing.
pub mod load {
    use super::{field, Field};
    /// Byte address of the first element.
    pub const ADDRESS: Field = field(1, 0, 64);
    /// Buffer word of the first element.
    pub const GLB_WORD: Field = field(2, 0, 32);
    /// Elements of a run, less one.
    pub const RUN_M1: Field = field(2, 32, 32);
    /// Runs of the inner loop, less one.
    pub const INNER_M1: Field = field(3, 0, 16);
    /// Turns of the outer loop, less one.
    pub const OUTER_M1: Field = field(3, 16, 16);
    /// Bytes from an inner run to the next.
    pub const INNER_BYTES: Field = field(4, 0, 32);
    /// Bytes from an outer turn to the next.
    pub const OUTER_BYTES: Field = field(4, 32, 32);
    /// Buffer words from an inner run to the next.
    pub const INNER_WORDS: Field = field(5, 0, 32);
    /// Buffer words from an outer turn to the next.
    pub const OUTER_WORDS: Field = field(5, 32, 32);
}

/// Fields of `FILTER`.
pub mod filter {
    use super::{field, Field};
    /// Byte address, a multiple of 16.
    pub const ADDRESS: Field = field(1, 0, 64);
    /// Bytes, a multiple of a line of four words; at least one line. Memory up to the next multiple of 16 is readable; what lies
    /// behind the last line is dropped. Row stationary: the last line of a PE's words has them in its upper places.
    pub const BYTES: Field = field(2, 0, 32);
}

/// Fields of `PASS`.
pub mod pass {
    use super::{field, Field};
    /// Buffer word of the tile's row 0, column 0, channel 0, image 0 (modulo the address width: rows above the tile are allowed).
    pub const TILE: Field = field(1, 0, 32);
    /// Ifmap column of the first window's first tap, two's complement (negative in the left padding).
    pub const X_START: Field = field(1, 32, 16);
    /// Channels of the tile that exist.
    pub const C_VALID: Field = field(1, 48, 16);
    /// First row of the tile that exists.
    pub const H_LO: Field = field(2, 0, 16);
    /// Row after the last that exists.
    pub const H_HI: Field = field(2, 16, 16);
    /// The pass reads psums that the pass this many passes earlier wrote; at least 1.
    pub const DISTANCE: Field = field(2, 32, 8);
    /// Buffer line of the pass's psums.
    pub const PSUM: Field = field(3, 0, 32);
}

/// Fields of `PARAMS`.
pub mod params {
    use super::{field, Field};
    /// Byte address, a multiple of 16. A channel takes 16 bytes: bias (64 bits), scale (32, of which 16 are used), shift (32, of which 6).
    pub const ADDRESS: Field = field(1, 0, 64);
    /// Channels; they become entries 0, 1, … of the output stage's table.
    pub const COUNT: Field = field(2, 0, 16);
    /// Entries of the output stage's table.
    pub const DEPTH: usize = 256;
}

/// Fields of `STORE`: for each image, filter group (t), filter (p): a run of `rows · windows` adjacent elements, or a run of `windows`
/// elements for each row. With `STORE_RLC` all of them, in order, become one compressed slot at `ADDRESS`, a multiple of 16; the
/// strides in bytes mean nothing, and at least one filter exists.
pub mod store {
    use super::{field, Field};
    /// Byte address of the first element.
    pub const ADDRESS: Field = field(1, 0, 64);
    /// Buffer line of the psums.
    pub const PSUM: Field = field(2, 0, 32);
    /// Elements of an ofmap row, less one.
    pub const WINDOWS_M1: Field = field(2, 32, 16);
    /// Ofmap rows to write, less one.
    pub const ROWS_M1: Field = field(2, 48, 16);
    /// Images, less one.
    pub const IMAGES_M1: Field = field(3, 0, 16);
    /// Filter groups t, less one.
    pub const GROUPS_M1: Field = field(3, 16, 16);
    /// Filters p of a group, less one.
    pub const FILTERS_M1: Field = field(3, 32, 16);
    /// Entry of the output stage's table for the first filter.
    pub const PARAM: Field = field(3, 48, 16);
    /// Bytes from a filter's ofmap to the next filter's; filter `t·p + f` of an image starts at that many times it.
    pub const FILTER_BYTES: Field = field(4, 0, 32);
    /// Bytes from an image's ofmap to the next image's.
    pub const IMAGE_BYTES: Field = field(4, 32, 32);
    /// Buffer lines from a filter's psums to the next filter's.
    pub const PSUM_FILTER_STRIDE: Field = field(5, 0, 32);
    /// Buffer lines from an image's psums to the next image's.
    pub const PSUM_IMAGE_STRIDE: Field = field(5, 32, 32);
    /// Filters that exist, of t·p; the others are not written.
    pub const VALID: Field = field(6, 0, 16);
    /// Entries of the store table from a filter group's rows to the next group's.
    pub const GROUP_ROWS: Field = field(6, 16, 16);
    /// Bytes from an ofmap row to the next if each row is a run of its own; 0 if rows are adjacent.
    pub const ROW_BYTES: Field = field(6, 32, 32);
}

/// Fields of `END`.
pub mod end {
    use super::{field, Field};
    /// A number of the host's choice, shown in the `last_layer` register when the layer is done.
    pub const LAYER: Field = field(1, 0, 32);
}

/// Error causes in the status register.
pub mod error {
    /// No error.
    pub const NONE: u64 = 0;
    /// A command's or a payload's checksum is wrong.
    pub const CHECKSUM: u64 = 1;
    /// An opcode that does not exist.
    pub const OPCODE: u64 = 2;
    /// A field is beyond what was built.
    pub const FIELD: u64 = 3;
    /// A read was answered with SLVERR or DECERR.
    pub const READ: u64 = 4;
    /// A write was answered with SLVERR or DECERR.
    pub const WRITE: u64 = 5;
    /// Nothing moved for as long as the watchdog register allows.
    pub const WATCHDOG: u64 = 6;
    /// A program's last command is not END, so that nobody would be told of its end.
    pub const NO_END: u64 = 7;

    /// A compressed slot does not hold the words that its LOAD asks for.
    pub const STREAM: u64 = 8;

    /// Every cause, by the name of its constant.
    pub const CAUSES: &[(&str, u64)] = &[
        ("CHECKSUM", CHECKSUM),
        ("OPCODE", OPCODE),
        ("FIELD", FIELD),
        ("READ", READ),
        ("WRITE", WRITE),
        ("WATCHDOG", WATCHDOG),
        ("NO_END", NO_END),
        ("STREAM", STREAM),
    ];

    /// A cause in words.
    pub fn describe(cause: u64) -> &'static str {
        match cause {
            NONE => "no error",
            CHECKSUM => "the checksum of a command or of its payload is wrong",
            OPCODE => "a command's opcode does not exist",
            FIELD => "a command's field is beyond what was built",
            READ => "a read was answered with SLVERR or DECERR",
            WRITE => "a write was answered with SLVERR or DECERR",
            WATCHDOG => "nothing moved for as long as the watchdog register allows",
            NO_END => "the program's last command is not END",
            STREAM => "a compressed slot does not hold the words that its LOAD asks for",
            _ => "an unknown cause",
        }
    }
}

impl Field {
    /// This field's value in a command.
    pub fn get(self, command: &[u64]) -> u64 {
        (command[self.word] >> self.low) & self.mask()
    }

    /// Writes the field, cut to its width.
    pub fn set(self, command: &mut [u64], value: u64) {
        let mask = self.mask();
        command[self.word] = (command[self.word] & !(mask << self.low)) | ((value & mask) << self.low);
    }

    /// The largest value that the field holds.
    pub fn mask(self) -> u64 {
        if self.bits >= 64 {
            u64::MAX
        } else {
            (1 << self.bits) - 1
        }
    }
}

/// The sum of the 32-bit halves of `words`, modulo 2^32.
pub fn sum_of_halves(words: &[u64]) -> u32 {
    words.iter().fold(0u32, |sum, w| sum.wrapping_add(*w as u32).wrapping_add((*w >> 32) as u32))
}

/// Completes a command: sets [`SUM`] so that the halves add up to [`CHECKSUM`].
pub fn seal(command: &mut [u64; COMMAND_WORDS]) {
    SUM.set(command, 0);
    let rest = sum_of_halves(command);
    SUM.set(command, CHECKSUM.wrapping_sub(rest) as u64);
}
