//! Registers of the accelerator that the host uses.

pub const CONTROL: u32 = 0x040;
pub const CONTROL_CLEAR_COUNTERS: u32 = 1 << 1;
pub const STATUS: u32 = 0x044;
pub const IRQ_ENABLE: u32 = 0x048;
pub const IRQ_STATUS: u32 = 0x04c;
pub const LAST_LAYER: u32 = 0x054;
pub const DONE_COUNT: u32 = 0x058;
pub const QUEUE_ADDR_LO: u32 = 0x060;
pub const QUEUE_ADDR_HI: u32 = 0x064;
pub const QUEUE_PUSH: u32 = 0x068;

/// A layer is done.
pub const IRQ_DONE: u32 = 1 << 0;
/// An error has stopped the accelerator.
pub const IRQ_ERROR: u32 = 1 << 1;
