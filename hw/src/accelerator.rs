use crate::arch::{FILTER_BUS_WORDS, LANES};
use crate::array::EVENTS;
use crate::core::RsCore;
use crate::glb::Glb;
use crate::matrix::MatrixCore;
use crate::program::COMMAND_WORDS;
use crate::registers::PAGE_BYTES;
use crate::rtl::prelude::*;
use crate::shell::link_crossing::LinkCrossing;
use crate::shell::Shell;
use crate::{Arch, Dataflow, LinkClock};

/// A complete accelerator: shell, global buffer and core.
///
/// `s_axil`: AXI4-Lite slave of 32 bits with the registers of [`crate::registers`]. `m_axi`: AXI4 master of `link_width` bits without IDs; bursts are of
/// full beats, incrementing, and stay inside 4 KiB. `irq`: level, high while an enabled bit of `IRQ_STATUS` is set.
///
/// All belong to `clock`, but `m_axi` to `link_clock`, if the link has a clock of its own. A reset is high for two edges at least, as most of the inside
/// follows it a cycle later. Both resets of two clocks are high together, for four edges of each clock at least; each falls with its own clock.
#[derive(LogicBlock)]
pub struct Accelerator {
    pub clock: Wire<In, Clk>,
    pub link_clock: Optional<Wire<In, Clk>>,
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
    shell: Shell,
    glb: Glb,
    // The core: of row-stationary arrays, or of those that multiply by a matrix
    core: Optional<RsCore>,
    matrix_core: Optional<MatrixCore>,
    is_rs: Const,
    is_matrix: Const,
    ports: Const,
    port_words: Const,
    /// Ports read several words at once.
    wide: Const,
    crossing: Optional<LinkCrossing>,
    crosses: Const,
    core_reset: Wire<Local>,
    event_kinds: Const,
    lanes: Const,
    glb_lanes: Const,
    command_words: Const,
    line_words: Const,
}

impl Accelerator {
    /// An accelerator of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let d = arch.link_width;
        let address = address_bits(PAGE_BYTES);
        let is = |dataflow| arch.dataflow == dataflow;
        let rs = is(Dataflow::Rs);
        // What is left out has the ports of what is built, and no size.
        let core = |built| if built { arch.clone() } else { Arch { rows: 1, cols: 1, ..arch.clone() } };
        let crosses = arch.link_clock == LinkClock::Async;
        Accelerator {
            clock: Default::default(),
            link_clock: Optional::new(crosses, Wire::default()),
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
            shell: Shell::new(arch),
            glb: Glb::new(arch),
            core: Optional::new(rs, RsCore::new(&core(rs))),
            matrix_core: Optional::new(!rs, MatrixCore::new(&core(!rs))),
            is_rs: Const::new(rs as usize),
            is_matrix: Const::new(!rs as usize),
            ports: Const::new(if rs { 0 } else { arch.ifmap_ports() }),
            port_words: Const::new(if rs { 0 } else { arch.ifmap_ports() * arch.port_lanes() }),
            wide: Const::new(arch.is_of_planes() as usize),
            crossing: Optional::new(crosses, LinkCrossing::new(d)),
            crosses: Const::new(crosses as usize),
            core_reset: Wire::bit(),
            event_kinds: Const::new(EVENTS),
            lanes: Const::new(arch.psum_lanes),
            glb_lanes: Const::new(LANES),
            command_words: Const::new(COMMAND_WORDS - 1),
            line_words: Const::new(FILTER_BUS_WORDS),
        }
    }
}

/// The wiring of the whole, written once for the cores of all dataflows: the shell's side and the psums that a core writes are the same for each.
macro_rules! accelerator {
    ($($core:ident if $built:ident),+) => {
        impl Logic for Accelerator {
            describe!("accelerator", "DNN accelerator: AXI4-Lite registers, AXI4 to memory, interrupt.");

            #[hdl_gen]
            fn update(&mut self) {
                self.core_reset.next = self.shell.core_reset.val();
                self.shell.clock.next = self.clock.val();
                self.glb.clock.next = self.clock.val() << self.core_reset.val();

                // The buses are the shell's.
                self.shell.s_axil_awaddr.next = self.s_axil_awaddr.val();
                self.shell.s_axil_awvalid.next = self.s_axil_awvalid.val();
                self.s_axil_awready.next = self.shell.s_axil_awready.val();
                self.shell.s_axil_wdata.next = self.s_axil_wdata.val();
                self.shell.s_axil_wstrb.next = self.s_axil_wstrb.val();
                self.shell.s_axil_wvalid.next = self.s_axil_wvalid.val();
                self.s_axil_wready.next = self.shell.s_axil_wready.val();
                self.s_axil_bresp.next = self.shell.s_axil_bresp.val();
                self.s_axil_bvalid.next = self.shell.s_axil_bvalid.val();
                self.shell.s_axil_bready.next = self.s_axil_bready.val();
                self.shell.s_axil_araddr.next = self.s_axil_araddr.val();
                self.shell.s_axil_arvalid.next = self.s_axil_arvalid.val();
                self.s_axil_arready.next = self.shell.s_axil_arready.val();
                self.s_axil_rdata.next = self.shell.s_axil_rdata.val();
                self.s_axil_rresp.next = self.shell.s_axil_rresp.val();
                self.s_axil_rvalid.next = self.shell.s_axil_rvalid.val();
                self.shell.s_axil_rready.next = self.s_axil_rready.val();
                self.irq.next = self.shell.irq.val();
                // The link is the shell's, by way of the crossing if it has a clock of its own. What is the same in all bursts needs no crossing.
                self.m_axi_awsize.next = self.shell.m_axi_awsize.val();
                self.m_axi_awburst.next = self.shell.m_axi_awburst.val();
                self.m_axi_awcache.next = self.shell.m_axi_awcache.val();
                self.m_axi_awprot.next = self.shell.m_axi_awprot.val();
                self.m_axi_arsize.next = self.shell.m_axi_arsize.val();
                self.m_axi_arburst.next = self.shell.m_axi_arburst.val();
                self.m_axi_arcache.next = self.shell.m_axi_arcache.val();
                self.m_axi_arprot.next = self.shell.m_axi_arprot.val();
                if self.crosses.val().any() {
                    self.crossing.clock.next = self.clock.val();
                    self.crossing.link_clock.next = self.link_clock.val();
                    self.crossing.s_axi_awaddr.next = self.shell.m_axi_awaddr.val();
                    self.m_axi_awaddr.next = self.crossing.m_axi_awaddr.val();
                    self.crossing.s_axi_awlen.next = self.shell.m_axi_awlen.val();
                    self.m_axi_awlen.next = self.crossing.m_axi_awlen.val();
                    self.crossing.s_axi_awvalid.next = self.shell.m_axi_awvalid.val();
                    self.m_axi_awvalid.next = self.crossing.m_axi_awvalid.val();
                    self.crossing.m_axi_awready.next = self.m_axi_awready.val();
                    self.shell.m_axi_awready.next = self.crossing.s_axi_awready.val();
                    self.crossing.s_axi_wdata.next = self.shell.m_axi_wdata.val();
                    self.m_axi_wdata.next = self.crossing.m_axi_wdata.val();
                    self.crossing.s_axi_wstrb.next = self.shell.m_axi_wstrb.val();
                    self.m_axi_wstrb.next = self.crossing.m_axi_wstrb.val();
                    self.crossing.s_axi_wlast.next = self.shell.m_axi_wlast.val();
                    self.m_axi_wlast.next = self.crossing.m_axi_wlast.val();
                    self.crossing.s_axi_wvalid.next = self.shell.m_axi_wvalid.val();
                    self.m_axi_wvalid.next = self.crossing.m_axi_wvalid.val();
                    self.crossing.m_axi_wready.next = self.m_axi_wready.val();
                    self.shell.m_axi_wready.next = self.crossing.s_axi_wready.val();
                    self.crossing.m_axi_bresp.next = self.m_axi_bresp.val();
                    self.shell.m_axi_bresp.next = self.crossing.s_axi_bresp.val();
                    self.crossing.m_axi_bvalid.next = self.m_axi_bvalid.val();
                    self.shell.m_axi_bvalid.next = self.crossing.s_axi_bvalid.val();
                    self.crossing.s_axi_bready.next = self.shell.m_axi_bready.val();
                    self.m_axi_bready.next = self.crossing.m_axi_bready.val();
                    self.crossing.s_axi_araddr.next = self.shell.m_axi_araddr.val();
                    self.m_axi_araddr.next = self.crossing.m_axi_araddr.val();
                    self.crossing.s_axi_arlen.next = self.shell.m_axi_arlen.val();
                    self.m_axi_arlen.next = self.crossing.m_axi_arlen.val();
                    self.crossing.s_axi_arvalid.next = self.shell.m_axi_arvalid.val();
                    self.m_axi_arvalid.next = self.crossing.m_axi_arvalid.val();
                    self.crossing.m_axi_arready.next = self.m_axi_arready.val();
                    self.shell.m_axi_arready.next = self.crossing.s_axi_arready.val();
                    self.crossing.m_axi_rdata.next = self.m_axi_rdata.val();
                    self.shell.m_axi_rdata.next = self.crossing.s_axi_rdata.val();
                    self.crossing.m_axi_rresp.next = self.m_axi_rresp.val();
                    self.shell.m_axi_rresp.next = self.crossing.s_axi_rresp.val();
                    self.crossing.m_axi_rlast.next = self.m_axi_rlast.val();
                    self.shell.m_axi_rlast.next = self.crossing.s_axi_rlast.val();
                    self.crossing.m_axi_rvalid.next = self.m_axi_rvalid.val();
                    self.shell.m_axi_rvalid.next = self.crossing.s_axi_rvalid.val();
                    self.crossing.s_axi_rready.next = self.shell.m_axi_rready.val();
                    self.m_axi_rready.next = self.crossing.m_axi_rready.val();
                } else {
                    self.m_axi_awaddr.next = self.shell.m_axi_awaddr.val();
                    self.m_axi_awlen.next = self.shell.m_axi_awlen.val();
                    self.m_axi_awvalid.next = self.shell.m_axi_awvalid.val();
                    self.shell.m_axi_awready.next = self.m_axi_awready.val();
                    self.m_axi_wdata.next = self.shell.m_axi_wdata.val();
                    self.m_axi_wstrb.next = self.shell.m_axi_wstrb.val();
                    self.m_axi_wlast.next = self.shell.m_axi_wlast.val();
                    self.m_axi_wvalid.next = self.shell.m_axi_wvalid.val();
                    self.shell.m_axi_wready.next = self.m_axi_wready.val();
                    self.shell.m_axi_bresp.next = self.m_axi_bresp.val();
                    self.shell.m_axi_bvalid.next = self.m_axi_bvalid.val();
                    self.m_axi_bready.next = self.shell.m_axi_bready.val();
                    self.m_axi_araddr.next = self.shell.m_axi_araddr.val();
                    self.m_axi_arlen.next = self.shell.m_axi_arlen.val();
                    self.m_axi_arvalid.next = self.shell.m_axi_arvalid.val();
                    self.shell.m_axi_arready.next = self.m_axi_arready.val();
                    self.shell.m_axi_rdata.next = self.m_axi_rdata.val();
                    self.shell.m_axi_rresp.next = self.m_axi_rresp.val();
                    self.shell.m_axi_rlast.next = self.m_axi_rlast.val();
                    self.shell.m_axi_rvalid.next = self.m_axi_rvalid.val();
                    self.m_axi_rready.next = self.shell.m_axi_rready.val();
                }

                // Shell and buffer.
                self.glb.drain_read.next = self.shell.drain_read.val();
                self.glb.drain_lane.next = self.shell.drain_lane.val();
                self.glb.drain_line.next = self.shell.drain_line.val();
                self.shell.drain_grant.next = self.glb.drain_grant.val();
                self.shell.drain_word.next = self.glb.drain_word.val();
                self.shell.ifmap_reads.next = self.glb.ifmap_reads.val();
                self.shell.ifmap_writes.next = self.glb.ifmap_writes.val();
                self.shell.psum_reads.next = self.glb.psum_reads.val();
                self.shell.psum_writes.next = self.glb.psum_writes.val();
                for i in 0..self.glb_lanes.index() {
                    self.glb.load_write[i].next = self.shell.load_write[i].val();
                    self.glb.load_line[i].next = self.shell.load_line[i].val();
                    self.glb.load_word[i].next = self.shell.load_word[i].val();
                }

                // The core, between shell and buffer
                $(
                    if self.$built.val().any() {
                        self.$core.clock.next = self.clock.val() << self.core_reset.val();
                        self.$core.flags.next = self.shell.flags.val();
                        self.$core.layer_write.next = self.shell.layer_write.val();
                        self.$core.pass_valid.next = self.shell.pass_valid.val();
                        self.$core.loaded_post.next = self.shell.loaded_post.val();
                        self.$core.psum_free_post.next = self.shell.psum_free_post.val();
                        self.$core.staging_valid.next = self.shell.staging_valid.val();
                        for i in 0..self.command_words.index() {
                            self.$core.command[i].next = self.shell.command[i].val();
                        }
                        for i in 0..self.line_words.index() {
                            self.$core.staging_word[i].next = self.shell.staging_word[i].val();
                        }
                        self.shell.pass_ready.next = self.$core.pass_ready.val();
                        self.shell.ifmap_free_post.next = self.$core.ifmap_free_post.val();
                        self.shell.psum_done_post.next = self.$core.psum_done_post.val();
                        self.shell.staging_ready.next = self.$core.staging_ready.val();
                        for i in 0..self.event_kinds.index() {
                            self.shell.events[i].next = self.$core.events[i].val();
                        }
                        self.shell.ifmap_bus_words.next = self.$core.ifmap_bus_words.val();
                        self.shell.filter_bus_lines.next = self.$core.filter_bus_lines.val();
                        self.shell.core_idle.next = self.$core.idle.val();
                        for i in 0..self.lanes.index() {
                            self.glb.psum_write[i].next = self.$core.psum_write[i].val();
                            self.glb.psum_write_line[i].next = self.$core.psum_write_line[i].val();
                            self.glb.psum_write_word[i].next = self.$core.psum_write_word[i].val();
                        }
                    }
                )+

                // What each dataflow has beside that
                if self.is_rs.val().any() {
                    self.core.table_write.next = self.shell.table_write.val();
                    self.core.table_target.next = self.shell.table_target.val();
                    self.core.table_index.next = self.shell.table_index.val();
                    self.core.table_word.next = self.shell.table_word.val();
                    self.glb.ifmap_banks.next = self.core.ifmap_banks.val();
                    self.glb.ifmap_read.next = self.core.ifmap_read.val();
                    self.glb.ifmap_address.next = self.core.ifmap_address.val();
                    self.core.ifmap_read_word.next = self.glb.ifmap_word.val();
                    for i in 0..self.lanes.index() {
                        self.glb.psum_read[i].next = self.core.psum_read[i].val();
                        self.glb.psum_read_line[i].next = self.core.psum_read_line[i].val();
                        self.core.psum_read_word[i].next = self.glb.psum_read_word[i].val();
                    }
                }
                if self.is_matrix.val().any() {
                    for i in 0..self.ports.index() {
                        self.glb.port_read[i].next = self.matrix_core.port_read[i].val();
                        self.glb.port_address[i].next = self.matrix_core.port_address[i].val();
                    }
                    for i in 0..self.port_words.index() {
                        self.matrix_core.port_read_word[i].next = self.glb.port_word[i].val();
                    }
                    for i in 0..self.wide.index() {
                        self.glb.port_taken[i].next = self.matrix_core.port_taken[i].val();
                    }
                    // Psums stay in the core until they are finished
                    for i in 0..self.lanes.index() {
                        self.glb.psum_read[i].next = 0.into();
                        self.glb.psum_read_line[i].next = 0.into();
                    }
                }
            }
        }
    };
}

accelerator!(core if is_rs, matrix_core if is_matrix);
