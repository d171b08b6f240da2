//! The shell: everything around the array and the global buffer that is the same for every dataflow.

pub mod axi_lite;
pub mod buffer;
pub mod burst;
pub mod command_fetch;
pub mod command_rules;
pub mod command_unit;
pub mod control;
pub mod counters;
pub mod filter_loader;
pub mod host;
pub mod load_unpack;
pub mod load_walker;
pub mod loader;
pub mod narrow;
pub mod output_stage;
pub mod packer;
pub mod params_loader;
pub mod read_port;
pub mod resize;
pub mod semaphore;
pub mod soft_reset;
pub mod store_unit;
pub mod store_walker;
pub mod watchdog;
pub mod wide_fifo;
pub mod widen;
pub mod write_port;

mod top;
pub use top::Shell;
