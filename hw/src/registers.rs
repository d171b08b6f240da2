//! The host's registers: one table, from which the hardware, the C header and the manual are made.
//!
//! Registers are 32 bits wide, at multiples of four of a 4 KiB page. A counter is two of them, the low half first.

/// What the host may do with a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read; a write is taken and does nothing.
    ReadOnly,
    /// Read and write.
    ReadWrite,
    /// A 1 that is written clears the bit.
    WriteOneToClear,
    /// A write does something; a read gives something else. See the description.
    Action,
}

/// A register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Register {
    /// Its name, in upper case.
    pub name: &'static str,
    /// Byte address within the page.
    pub offset: usize,
    /// What the host may do with it.
    pub access: Access,
    /// Bits that mean something; those above read 0.
    pub width: usize,
    /// Value after reset; not of registers that show what was built.
    pub reset: u32,
    /// What it is.
    pub doc: &'static str,
}

/// A counter of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// Its name, in upper case.
    pub name: &'static str,
    /// What it counts.
    pub doc: &'static str,
}

const fn register(
    name: &'static str,
    offset: usize,
    access: Access,
    width: usize,
    reset: u32,
    doc: &'static str,
) -> Register {
    Register { name, offset, access, width, reset, doc }
}

/// `ID` reads this: "TESS".
pub const ID_VALUE: u32 = 0x5445_5353;
/// `VERSION` reads this: major, minor, patch, a byte each.
pub const VERSION_VALUE: u32 = 0x0000_0100;
/// Programs that the queue holds.
pub const QUEUE_DEPTH: usize = 16;
/// Bytes of the page.
pub const PAGE_BYTES: usize = 4096;

use Access::{Action, ReadOnly, ReadWrite, WriteOneToClear};

/// Identity.
pub const ID: Register = register("ID", 0x000, ReadOnly, 32, ID_VALUE, "Identity, \"TESS\".");
/// Version of the hardware.
pub const VERSION: Register = register(
    "VERSION",
    0x004,
    ReadOnly,
    32,
    VERSION_VALUE,
    "Version of the hardware: 0, major, minor, patch, a byte each.",
);
/// Dataflow and style; [`crate::Arch::array_number`].
pub const DATAFLOW: Register = register(
    "DATAFLOW",
    0x008,
    ReadOnly,
    32,
    0,
    "Dataflow of the array, the lowest byte: 0 row stationary, 1 weight stationary, 2 no local reuse, 3 output stationary, 4 input stationary. \
     The byte above it, its style: of weight stationary 0 systolic, 1 conv2d, of output stationary 0 mop-mop, 1 mop-sop, 2 sop-mop.",
);
/// Accumulators.
pub const ACCUMULATORS: Register = register(
    "ACCUMULATORS",
    0x00c,
    ReadOnly,
    32,
    0,
    "Psums of a half of a column's accumulator; of no meaning in row-stationary arrays.",
);
/// PE rows.
pub const ROWS: Register = register("ROWS", 0x010, ReadOnly, 32, 0, "PE rows.");
/// PE columns.
pub const COLS: Register = register("COLS", 0x014, ReadOnly, 32, 0, "PE columns.");
/// Word width.
pub const WIDTH: Register = register("WIDTH", 0x018, ReadOnly, 32, 0, "Width of an ifmap and a filter word, bits.");
/// Psum width.
pub const PSUM_WIDTH: Register = register("PSUM_WIDTH", 0x01c, ReadOnly, 32, 0, "Width of a psum, bits.");
/// Buffer banks.
pub const BANKS: Register = register("BANKS", 0x020, ReadOnly, 32, 0, "Banks of the global buffer, of 512 lines each.");
/// Lane width.
pub const LANE_WIDTH: Register =
    register("LANE_WIDTH", 0x024, ReadOnly, 32, 0, "Width of each of the four lanes of a buffer line, bits.");
/// Psum lanes.
pub const PSUM_LANES: Register = register("PSUM_LANES", 0x028, ReadOnly, 32, 0, "Psums that a buffer line holds.");
/// Ifmap scratchpad.
pub const IFMAP_SPAD: Register = register("IFMAP_SPAD", 0x02c, ReadOnly, 32, 0, "Ifmap scratchpad of a PE, words.");
/// Filter scratchpad.
pub const FILTER_SPAD: Register = register("FILTER_SPAD", 0x030, ReadOnly, 32, 0, "Filter scratchpad of a PE, words.");
/// Psum scratchpad.
pub const PSUM_SPAD: Register = register("PSUM_SPAD", 0x034, ReadOnly, 32, 0, "Psum scratchpad of a PE, words.");
/// Link width.
pub const LINK_WIDTH: Register = register("LINK_WIDTH", 0x038, ReadOnly, 32, 0, "Data width of the AXI4 link, bits.");
/// Staging lines.
pub const STAGING_LINES: Register =
    register("STAGING_LINES", 0x03c, ReadOnly, 32, 0, "Filter staging, lines of four words.");
/// Reset and counters.
pub const CONTROL: Register = register(
    "CONTROL",
    0x040,
    Action,
    2,
    0,
    "Bit 0: a 1 resets everything but the host port, once all transfers to memory have ended; reads 1 until then. \
     Bit 1: a 1 clears the counters.",
);
/// Status.
pub const STATUS: Register = register(
    "STATUS",
    0x044,
    ReadOnly,
    16,
    0,
    "Bit 0: busy; after an error, transfers to memory are ending. Bit 1: error; nothing is executed until a reset. \
     Bit 2: the interrupt. Bits 15:8: cause of the error: 1 checksum, 2 opcode, 3 field, 4 read, 5 write, 6 watchdog, \
     7 no END, 8 stream.",
);
/// Interrupt enable.
pub const IRQ_ENABLE: Register = register(
    "IRQ_ENABLE",
    0x048,
    ReadWrite,
    2,
    0,
    "What raises the interrupt. Bit 0: a layer is done. Bit 1: an error.",
);
/// Interrupt status.
pub const IRQ_STATUS: Register =
    register("IRQ_STATUS", 0x04c, WriteOneToClear, 2, 0, "What has happened; bits as in IRQ_ENABLE.");
/// Watchdog.
pub const WATCHDOG: Register = register(
    "WATCHDOG",
    0x050,
    ReadWrite,
    32,
    1 << 20,
    "Cycles without progress, while busy, that are an error. 0: any number may pass.",
);
/// Last layer.
pub const LAST_LAYER: Register =
    register("LAST_LAYER", 0x054, ReadOnly, 32, 0, "The number that the last END command carried.");
/// Layers done.
pub const DONE_COUNT: Register = register("DONE_COUNT", 0x058, ReadOnly, 32, 0, "END commands since the reset.");
/// Program address, low half.
pub const QUEUE_ADDR_LO: Register =
    register("QUEUE_ADDR_LO", 0x060, ReadWrite, 32, 0, "Byte address of a program, a multiple of 64: low half.");
/// Program address, high half.
pub const QUEUE_ADDR_HI: Register = register("QUEUE_ADDR_HI", 0x064, ReadWrite, 32, 0, "High half of the address.");
/// Program queue.
pub const QUEUE_PUSH: Register = register(
    "QUEUE_PUSH",
    0x068,
    Action,
    32,
    QUEUE_DEPTH as u32,
    "Write: queues the program at QUEUE_ADDR; the value is its length in blocks of 64 bytes. Refused with SLVERR if the \
     queue is full, the length is 0 or the address is no multiple of 64. Read: programs that the queue has room for.",
);

/// Every register but the counters, in the order of their offsets.
pub const REGISTERS: &[Register] = &[
    ID,
    VERSION,
    DATAFLOW,
    ACCUMULATORS,
    ROWS,
    COLS,
    WIDTH,
    PSUM_WIDTH,
    BANKS,
    LANE_WIDTH,
    PSUM_LANES,
    IFMAP_SPAD,
    FILTER_SPAD,
    PSUM_SPAD,
    LINK_WIDTH,
    STAGING_LINES,
    CONTROL,
    STATUS,
    IRQ_ENABLE,
    IRQ_STATUS,
    WATCHDOG,
    LAST_LAYER,
    DONE_COUNT,
    QUEUE_ADDR_LO,
    QUEUE_ADDR_HI,
    QUEUE_PUSH,
];

/// Byte address of the first counter's low half.
pub const COUNTERS_OFFSET: usize = 0x100;

/// The counters; number i is at `COUNTERS_OFFSET + 8·i` (low half) and 4 bytes behind (high half).
pub const COUNTERS: &[Counter] = &[
    Counter { name: "CYCLES", doc: "Cycles while busy." },
    Counter {
        name: "READ_BEATS",
        doc: "Beats read from memory: commands, filters, ifmaps and, for the rest, parameters.",
    },
    Counter { name: "COMMAND_BEATS", doc: "Beats of these that were commands." },
    Counter { name: "FILTER_BEATS", doc: "Beats of these that were filters." },
    Counter { name: "IFMAP_BEATS", doc: "Beats of these that were ifmaps." },
    Counter { name: "WRITE_BEATS", doc: "Beats written to memory." },
    Counter { name: "WRITE_BYTES", doc: "Bytes that these beats wrote." },
    Counter { name: "GLB_IFMAP_READS", doc: "Ifmap words read from the global buffer." },
    Counter { name: "GLB_IFMAP_WRITES", doc: "Ifmap words written to the global buffer." },
    Counter { name: "GLB_PSUM_READS", doc: "Psums read from the global buffer." },
    Counter { name: "GLB_PSUM_WRITES", doc: "Psums written to the global buffer." },
    Counter { name: "IFMAP_BUS_WORDS", doc: "Words sent on the ifmap network." },
    Counter {
        name: "FILTER_BUS_LINES",
        doc: "Lines of four words read from filter staging and sent on the filter network.",
    },
    Counter { name: "MACS", doc: "Multiply-accumulates, gated ones included; each reads an ifmap scratchpad." },
    Counter {
        name: "GATED_MACS",
        doc: "Multiply-accumulates that a zero ifmap word gated; the others read a filter scratchpad.",
    },
    Counter { name: "IFMAP_SPAD_WRITES", doc: "Ifmap words that the network wrote to the PEs' scratchpads." },
    Counter { name: "FILTER_SPAD_WRITES", doc: "Filter words that the network gave to PEs, for their scratchpads." },
    Counter { name: "PSUM_SPAD_WRITES", doc: "Psums that PEs took into their scratchpads, each read once." },
    Counter { name: "PSUM_HOPS", doc: "Psums of these that came from the PE below." },
    Counter { name: "RLC_READ_CODES", doc: "Codes of 64 bits read from compressed ifmaps." },
    Counter { name: "RLC_WRITE_CODES", doc: "Codes of 64 bits written to compressed ofmaps." },
];

/// Byte address of the low half of counter `i`.
pub const fn counter_offset(i: usize) -> usize {
    COUNTERS_OFFSET + 8 * i
}
