//! The shell: everything around the array and the global buffer that is the same for every dataflow.

pub mod async_fifo;
pub mod axi_lite;
pub mod buffer;
pub mod burst;
pub mod command_check;
pub mod command_fetch;
pub mod command_rules;
pub mod command_unit;
pub mod control;
pub mod counters;
pub mod filter_loader;
pub mod host;
pub mod link_crossing;
pub mod load_unpack;
pub mod load_walker;
pub mod loader;
pub mod mask_decoder;
pub mod mask_encoder;
pub mod narrow;
pub mod output_stage;
pub mod packer;
pub mod params_loader;
pub mod read_port;
pub mod register_read;
pub mod resize;
pub mod rlc_decoder;
pub mod rlc_encoder;
pub mod semaphore;
pub mod soft_reset;
pub mod store_fields;
pub mod store_unit;
pub mod store_walker;
pub mod watchdog;
pub mod wide_fifo;
pub mod widen;
pub mod write_port;

mod wiring;

use self::{
    command_fetch::CommandFetch,
    command_unit::CommandUnit,
    filter_loader::FilterLoader,
    host::Host,
    loader::Loader,
    read_port::{ReadPort, COMMANDS, FILTERS, LOADS, PARAMS},
    store_unit::StoreUnit,
    write_port::WritePort,
};
use crate::arch::{FILTER_BUS_WORDS, LANES};
use crate::array::{event_bits, EVENTS};
use crate::program::{table, FLAGS};
use crate::registers::PAGE_BYTES;
use crate::rtl::prelude::*;
use crate::Arch;

/// Everything around the array and the global buffer: the host's side, the command unit and the units that move data.
///
/// The core and the buffer are to be reset while `core_reset` is high. `command` holds words 1 to 7 of the command that a
/// pulse or `pass_valid` is about. Posts are pulses.
#[derive(LogicBlock)]
pub struct Shell {
    pub clock: Wire<In, Clk>,
    // The host
    pub s_axil_awaddr: Wire<In>,
    pub s_axil_awvalid: Wire<In>,
    pub s_axil_awready: Wire<Out>,
    pub s_axil_wdata: Wire<In>,
    pub s_axil_wstrb: Wire<In>,
    pub s_axil_wvalid: Wire<In>,
    pub s_axil_wready: Wire<Out>,
    pub s_axil_bresp: Wire<Out>,
    pub s_axil_bvalid: Wire<Out>,
    pub s_axil_bready: Wire<In>,
    pub s_axil_araddr: Wire<In>,
    pub s_axil_arvalid: Wire<In>,
    pub s_axil_arready: Wire<Out>,
    pub s_axil_rdata: Wire<Out>,
    pub s_axil_rresp: Wire<Out>,
    pub s_axil_rvalid: Wire<Out>,
    pub s_axil_rready: Wire<In>,
    pub irq: Wire<Out>,
    // Memory
    pub m_axi_awaddr: Wire<Out>,
    pub m_axi_awlen: Wire<Out>,
    pub m_axi_awsize: Wire<Out>,
    pub m_axi_awburst: Wire<Out>,
    pub m_axi_awcache: Wire<Out>,
    pub m_axi_awprot: Wire<Out>,
    pub m_axi_awvalid: Wire<Out>,
    pub m_axi_awready: Wire<In>,
    pub m_axi_wdata: Wire<Out>,
    pub m_axi_wstrb: Wire<Out>,
    pub m_axi_wlast: Wire<Out>,
    pub m_axi_wvalid: Wire<Out>,
    pub m_axi_wready: Wire<In>,
    pub m_axi_bresp: Wire<In>,
    pub m_axi_bvalid: Wire<In>,
    pub m_axi_bready: Wire<Out>,
    pub m_axi_araddr: Wire<Out>,
    pub m_axi_arlen: Wire<Out>,
    pub m_axi_arsize: Wire<Out>,
    pub m_axi_arburst: Wire<Out>,
    pub m_axi_arcache: Wire<Out>,
    pub m_axi_arprot: Wire<Out>,
    pub m_axi_arvalid: Wire<Out>,
    pub m_axi_arready: Wire<In>,
    pub m_axi_rdata: Wire<In>,
    pub m_axi_rresp: Wire<In>,
    pub m_axi_rlast: Wire<In>,
    pub m_axi_rvalid: Wire<In>,
    pub m_axi_rready: Wire<Out>,
    // The core
    pub core_reset: Wire<Out>,
    pub core_idle: Wire<In>,
    pub command: Vec<Wire<Out>>,
    pub flags: Wire<Out>,
    pub layer_write: Wire<Out>,
    pub table_write: Wire<Out>,
    pub table_target: Wire<Out>,
    pub table_index: Wire<Out>,
    pub table_word: Wire<Out>,
    pub pass_valid: Wire<Out>,
    pub pass_ready: Wire<In>,
    pub loaded_post: Wire<Out>,
    pub ifmap_free_post: Wire<In>,
    pub psum_done_post: Wire<In>,
    pub psum_free_post: Wire<Out>,
    pub staging_valid: Wire<Out>,
    pub staging_ready: Wire<In>,
    pub staging_word: Vec<Wire<Out>>,
    // The global buffer
    pub load_write: Vec<Wire<Out>>,
    pub load_line: Vec<Wire<Out>>,
    pub load_word: Vec<Wire<Out>>,
    pub drain_read: Wire<Out>,
    pub drain_lane: Wire<Out>,
    pub drain_line: Wire<Out>,
    pub drain_grant: Wire<In>,
    pub drain_word: Wire<In>,
    // Events to count
    /// Those of [`crate::array::event`].
    pub events: Vec<Wire<In>>,
    pub ifmap_bus_words: Wire<In>,
    pub filter_bus_lines: Wire<In>,
    pub ifmap_reads: Wire<In>,
    pub ifmap_writes: Wire<In>,
    pub psum_reads: Wire<In>,
    pub psum_writes: Wire<In>,
    host: Host,
    fetch: CommandFetch,
    commands: CommandUnit,
    loader: Loader,
    filters: FilterLoader,
    store: StoreUnit,
    reads: ReadPort,
    writes: WritePort,
    all_idle: Wire<Local>,
    event_kinds: Const,
    /// The last two amounts that are counted.
    decoded_amount: Const,
    encoded_amount: Const,
    size: Const,
    store_table: Const,
    command_reader: Const,
    filter_reader: Const,
    load_reader: Const,
    params_reader: Const,
}

impl Shell {
    /// The shell of an accelerator.
    pub fn new(arch: &Arch) -> Self {
        let d = arch.link_width;
        let address = address_bits(PAGE_BYTES);
        let event_bits = event_bits(arch.pes());
        let ifmap_words = arch.ifmap_word_bits();
        let amounts = [&[1, 1, 1, 1, 1, 4, ifmap_words, 3, 3, 3, ifmap_words, 1][..], &event_bits, &[1, 1]].concat();
        Shell {
            clock: Default::default(),
            s_axil_awaddr: Wire::unsigned(address),
            s_axil_awvalid: Wire::bit(),
            s_axil_awready: Wire::bit(),
            s_axil_wdata: Wire::unsigned(32),
            s_axil_wstrb: Wire::unsigned(4),
            s_axil_wvalid: Wire::bit(),
            s_axil_wready: Wire::bit(),
            s_axil_bresp: Wire::unsigned(2),
            s_axil_bvalid: Wire::bit(),
            s_axil_bready: Wire::bit(),
            s_axil_araddr: Wire::unsigned(address),
            s_axil_arvalid: Wire::bit(),
            s_axil_arready: Wire::bit(),
            s_axil_rdata: Wire::unsigned(32),
            s_axil_rresp: Wire::unsigned(2),
            s_axil_rvalid: Wire::bit(),
            s_axil_rready: Wire::bit(),
            irq: Wire::bit(),
            m_axi_awaddr: Wire::unsigned(64),
            m_axi_awlen: Wire::unsigned(8),
            m_axi_awsize: Wire::unsigned(3),
            m_axi_awburst: Wire::unsigned(2),
            m_axi_awcache: Wire::unsigned(4),
            m_axi_awprot: Wire::unsigned(3),
            m_axi_awvalid: Wire::bit(),
            m_axi_awready: Wire::bit(),
            m_axi_wdata: Wire::unsigned(d),
            m_axi_wstrb: Wire::unsigned(d / 8),
            m_axi_wlast: Wire::bit(),
            m_axi_wvalid: Wire::bit(),
            m_axi_wready: Wire::bit(),
            m_axi_bresp: Wire::unsigned(2),
            m_axi_bvalid: Wire::bit(),
            m_axi_bready: Wire::bit(),
            m_axi_araddr: Wire::unsigned(64),
            m_axi_arlen: Wire::unsigned(8),
            m_axi_arsize: Wire::unsigned(3),
            m_axi_arburst: Wire::unsigned(2),
            m_axi_arcache: Wire::unsigned(4),
            m_axi_arprot: Wire::unsigned(3),
            m_axi_arvalid: Wire::bit(),
            m_axi_arready: Wire::bit(),
            m_axi_rdata: Wire::unsigned(d),
            m_axi_rresp: Wire::unsigned(2),
            m_axi_rlast: Wire::bit(),
            m_axi_rvalid: Wire::bit(),
            m_axi_rready: Wire::bit(),
            core_reset: Wire::bit(),
            core_idle: Wire::bit(),
            command: (0..7).map(|_| Wire::unsigned(64)).collect(),
            flags: Wire::unsigned(FLAGS.bits),
            layer_write: Wire::bit(),
            table_write: Wire::bit(),
            table_target: Wire::unsigned(8),
            table_index: Wire::unsigned(16),
            table_word: Wire::unsigned(64),
            pass_valid: Wire::bit(),
            pass_ready: Wire::bit(),
            loaded_post: Wire::bit(),
            ifmap_free_post: Wire::bit(),
            psum_done_post: Wire::bit(),
            psum_free_post: Wire::bit(),
            staging_valid: Wire::bit(),
            staging_ready: Wire::bit(),
            staging_word: (0..FILTER_BUS_WORDS).map(|_| Wire::signed(arch.width)).collect(),
            load_write: (0..LANES).map(|_| Wire::bit()).collect(),
            load_line: (0..LANES).map(|_| Wire::unsigned(arch.line_bits())).collect(),
            load_word: (0..LANES).map(|_| Wire::signed(arch.width)).collect(),
            drain_read: Wire::bit(),
            drain_lane: Wire::unsigned(2),
            drain_line: Wire::unsigned(arch.line_bits()),
            drain_grant: Wire::bit(),
            drain_word: Wire::signed(arch.psum_width),
            events: event_bits.map(Wire::unsigned).into(),
            ifmap_bus_words: Wire::unsigned(ifmap_words),
            filter_bus_lines: Wire::bit(),
            ifmap_reads: Wire::unsigned(ifmap_words),
            ifmap_writes: Wire::unsigned(3),
            psum_reads: Wire::unsigned(3),
            psum_writes: Wire::unsigned(3),
            host: Host::new(arch, &amounts),
            fetch: CommandFetch::new(d),
            commands: CommandUnit::new(arch),
            loader: Loader::new(arch),
            filters: FilterLoader::new(arch),
            store: StoreUnit::new(arch),
            reads: ReadPort::new(d),
            writes: WritePort::new(d),
            all_idle: Wire::bit(),
            event_kinds: Const::new(EVENTS),
            decoded_amount: Const::new(amounts.len() - 2),
            encoded_amount: Const::new(amounts.len() - 1),
            size: Const::new(arch.link_bytes().ilog2() as usize),
            store_table: Const::new(table::STORE as usize),
            command_reader: Const::new(COMMANDS),
            filter_reader: Const::new(FILTERS),
            load_reader: Const::new(LOADS),
            params_reader: Const::new(PARAMS),
        }
    }
}
