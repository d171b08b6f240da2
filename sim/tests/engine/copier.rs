use hw::rtl::prelude::*;

/// Bytes of a block, the unit of the queue.
pub const BLOCK_BYTES: usize = 64;

/// What a [`Copier`] can do wrong.
#[derive(Clone, Copy, Debug)]
pub enum Plant {
    Nothing = 0,
    /// Never says which beat is the last.
    NoLast = 1,
    /// Moves a read address that waits.
    MovingAddress = 2,
    /// Asks for bursts of type FIXED.
    FixedBurst = 3,
    /// Withdraws write data that waits.
    FallingValid = 4,
    /// Raises `arvalid` in reset.
    ValidInReset = 5,
    /// Answers a register read that has not been asked for.
    EarlyAnswer = 6,
}

/// Copies blocks from the address in the queue to the address in register 0x070, and inverts every bit on the way.
///
/// It has the ports and, as far as a host needs them, the registers of an accelerator. A block at a time: read, then written.
#[derive(LogicBlock)]
pub struct Copier {
    pub clock: Wire<In, Clk>,
    // Registers
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
    // Memory
    pub m_axi_awaddr: Wire<Out>,
    pub m_axi_awlen: Wire<Out>,
    pub m_axi_awsize: Wire<Out>,
    pub m_axi_awburst: Wire<Out>,
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
    pub m_axi_arvalid: Wire<Out>,
    pub m_axi_arready: Wire<In>,
    pub m_axi_rdata: Wire<In>,
    pub m_axi_rresp: Wire<In>,
    pub m_axi_rlast: Wire<In>,
    pub m_axi_rvalid: Wire<In>,
    pub m_axi_rready: Wire<Out>,
    pub irq: Wire<Out>,
    // State of the register port
    answer_write: Reg,
    answer_read: Reg,
    read_data: Reg,
    read_error: Reg,
    irq_enable: Reg,
    irq_status: Reg,
    source_low: Reg,
    source_high: Reg,
    target: Reg,
    // State of the copy
    read_address: Reg,
    write_address: Reg,
    blocks_to_read: Reg,
    blocks_to_write: Reg,
    ask_read: Reg,
    reading: Reg,
    ask_write: Reg,
    writing: Reg,
    answering: Reg,
    beat: Reg,
    cause: Reg,
    done: Reg,
    cycles: Reg,
    beats: Reg,
    data: Fifo,
    // Locals
    write_now: Wire<Local>,
    read_now: Wire<Local>,
    moves: Wire<Local>,
    last: Wire<Local>,
    failed: Wire<Local>,
    plant: Const,
    size: Const,
    len: Const,
    all_bytes: Const,
}

impl Copier {
    pub fn new(link_bits: usize, plant: Plant) -> Self {
        let bytes = link_bits / 8;
        let beats = BLOCK_BYTES / bytes;
        Copier {
            clock: Default::default(),
            s_axil_awaddr: Wire::unsigned(12),
            s_axil_awvalid: Wire::bit(),
            s_axil_awready: Wire::bit(),
            s_axil_wdata: Wire::unsigned(32),
            s_axil_wstrb: Wire::unsigned(4),
            s_axil_wvalid: Wire::bit(),
            s_axil_wready: Wire::bit(),
            s_axil_bresp: Wire::unsigned(2),
            s_axil_bvalid: Wire::bit(),
            s_axil_bready: Wire::bit(),
            s_axil_araddr: Wire::unsigned(12),
            s_axil_arvalid: Wire::bit(),
            s_axil_arready: Wire::bit(),
            s_axil_rdata: Wire::unsigned(32),
            s_axil_rresp: Wire::unsigned(2),
            s_axil_rvalid: Wire::bit(),
            s_axil_rready: Wire::bit(),
            m_axi_awaddr: Wire::unsigned(64),
            m_axi_awlen: Wire::unsigned(8),
            m_axi_awsize: Wire::unsigned(3),
            m_axi_awburst: Wire::unsigned(2),
            m_axi_awvalid: Wire::bit(),
            m_axi_awready: Wire::bit(),
            m_axi_wdata: Wire::unsigned(link_bits),
            m_axi_wstrb: Wire::unsigned(bytes),
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
            m_axi_arvalid: Wire::bit(),
            m_axi_arready: Wire::bit(),
            m_axi_rdata: Wire::unsigned(link_bits),
            m_axi_rresp: Wire::unsigned(2),
            m_axi_rlast: Wire::bit(),
            m_axi_rvalid: Wire::bit(),
            m_axi_rready: Wire::bit(),
            irq: Wire::bit(),
            answer_write: Reg::bit(),
            answer_read: Reg::bit(),
            read_data: Reg::unsigned(32),
            read_error: Reg::bit(),
            irq_enable: Reg::unsigned(2),
            irq_status: Reg::unsigned(2),
            source_low: Reg::unsigned(32),
            source_high: Reg::unsigned(32),
            target: Reg::unsigned(32),
            read_address: Reg::unsigned(64),
            write_address: Reg::unsigned(64),
            blocks_to_read: Reg::unsigned(32),
            blocks_to_write: Reg::unsigned(32),
            ask_read: Reg::bit(),
            reading: Reg::bit(),
            ask_write: Reg::bit(),
            writing: Reg::bit(),
            answering: Reg::bit(),
            beat: Reg::unsigned(5),
            cause: Reg::unsigned(8),
            done: Reg::unsigned(32),
            cycles: Reg::unsigned(64),
            beats: Reg::unsigned(64),
            data: Fifo::new(beats, link_bits, false),
            write_now: Wire::bit(),
            read_now: Wire::bit(),
            moves: Wire::bit(),
            last: Wire::bit(),
            failed: Wire::bit(),
            plant: Const::new(plant as usize),
            size: Const::new(bytes.trailing_zeros() as usize),
            len: Const::new(beats - 1),
            all_bytes: Const::new((1 << bytes) - 1),
        }
    }
}

impl Logic for Copier {
    describe!("copier", "Copies blocks of memory and inverts them.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, answer_write, answer_read, read_data, read_error, irq_enable, irq_status);
        dff_setup!(self, clock, source_low, source_high, target, read_address, write_address, blocks_to_read);
        dff_setup!(self, clock, blocks_to_write, ask_read, reading, ask_write, writing, answering, beat, cause, done);
        dff_setup!(self, clock, cycles, beats);
        self.data.clock.next = self.clock.val();

        // Reading: an address, then the block's beats into the queue.
        self.m_axi_araddr.next = self.read_address.q.val();
        self.m_axi_arlen.next = self.len.val();
        self.m_axi_arsize.next = self.size.val();
        self.m_axi_arburst.next = 1.into();
        self.m_axi_arvalid.next = self.ask_read.q.val();
        self.m_axi_rready.next = (self.reading.q.val().any() && self.data.enq.ready.val().any()).into();
        self.data.enq.payload.next = self.m_axi_rdata.val();
        self.data.enq.valid.next = (self.reading.q.val().any() && self.m_axi_rvalid.val().any()).into();
        if self.ask_read.q.val().any() && self.m_axi_arready.val().any() {
            self.ask_read.d.next = 0.into();
            self.reading.d.next = 1.into();
            self.read_address.d.next = self.read_address.q.val() + 64;
            self.blocks_to_read.d.next = self.blocks_to_read.q.val() - 1;
        }
        if self.m_axi_rvalid.val().any() && self.m_axi_rready.val().any() {
            if self.m_axi_rresp.val().any() {
                self.cause.d.next = 4.into();
            }
            if self.m_axi_rlast.val().any() {
                self.reading.d.next = 0.into();
                self.ask_read.d.next = self.blocks_to_read.q.val().any().into();
            }
        }

        // Writing: an address, the queue's beats, a response.
        self.m_axi_awaddr.next = self.write_address.q.val();
        self.m_axi_awlen.next = self.len.val();
        self.m_axi_awsize.next = self.size.val();
        self.m_axi_awburst.next = 1.into();
        self.m_axi_awvalid.next = self.ask_write.q.val();
        self.last.next = (self.beat.q.val() == self.len.val()).into();
        self.m_axi_wdata.next = !self.data.deq.payload.val();
        self.m_axi_wstrb.next = self.all_bytes.val();
        self.m_axi_wlast.next = self.last.val();
        self.m_axi_wvalid.next = (self.writing.q.val().any() && self.data.deq.valid.val().any()).into();
        self.m_axi_bready.next = self.answering.q.val();
        self.data.deq.ready.next = (self.writing.q.val().any() && self.m_axi_wready.val().any()).into();
        self.moves.next = (self.m_axi_wvalid.val().any() && self.m_axi_wready.val().any()).into();
        if self.ask_write.q.val().any() && self.m_axi_awready.val().any() {
            self.ask_write.d.next = 0.into();
            self.writing.d.next = 1.into();
            self.beat.d.next = 0.into();
            self.write_address.d.next = self.write_address.q.val() + 64;
            self.blocks_to_write.d.next = self.blocks_to_write.q.val() - 1;
        }
        if self.moves.val().any() {
            self.beat.d.next = self.beat.q.val() + 1;
            self.beats.d.next = self.beats.q.val() + 1;
            if self.last.val().any() {
                self.writing.d.next = 0.into();
                self.answering.d.next = 1.into();
            }
        }
        if self.answering.q.val().any() {
            self.cycles.d.next = self.cycles.q.val() + 1;
            if self.m_axi_bvalid.val().any() {
                self.answering.d.next = 0.into();
                self.ask_write.d.next = self.blocks_to_write.q.val().any().into();
                if self.m_axi_bresp.val().any() {
                    self.cause.d.next = 5.into();
                }
                if !self.blocks_to_write.q.val().any() {
                    self.done.d.next = self.done.q.val() + 1;
                    self.irq_status.d.next = self.irq_status.q.val() | 1;
                }
            }
        }
        if self.writing.q.val().any() || self.ask_write.q.val().any() {
            self.cycles.d.next = self.cycles.q.val() + 1;
        }

        // Registers.
        self.write_now.next =
            (self.s_axil_awvalid.val().any() && self.s_axil_wvalid.val().any() && !self.answer_write.q.val().any())
                .into();
        self.s_axil_awready.next = self.write_now.val();
        self.s_axil_wready.next = self.write_now.val();
        self.s_axil_bresp.next = 0.into();
        self.s_axil_bvalid.next = self.answer_write.q.val();
        if self.answer_write.q.val().any() && self.s_axil_bready.val().any() {
            self.answer_write.d.next = 0.into();
        }
        if self.write_now.val().any() {
            self.answer_write.d.next = 1.into();
            if self.s_axil_awaddr.val() == 0x40 {
                self.cycles.d.next = 0.into();
                self.beats.d.next = 0.into();
            }
            if self.s_axil_awaddr.val() == 0x48 {
                self.irq_enable.d.next = self.s_axil_wdata.val();
            }
            if self.s_axil_awaddr.val() == 0x4c {
                self.irq_status.d.next = self.irq_status.q.val() & !self.s_axil_wdata.val();
            }
            if self.s_axil_awaddr.val() == 0x60 {
                self.source_low.d.next = self.s_axil_wdata.val();
            }
            if self.s_axil_awaddr.val() == 0x64 {
                self.source_high.d.next = self.s_axil_wdata.val();
            }
            if self.s_axil_awaddr.val() == 0x70 {
                self.target.d.next = self.s_axil_wdata.val();
            }
            if self.s_axil_awaddr.val() == 0x68 {
                self.read_address.d.next = (self.source_high.q.val() << 32) | self.source_low.q.val();
                self.write_address.d.next = (self.source_high.q.val() << 32) | self.target.q.val();
                self.blocks_to_read.d.next = self.s_axil_wdata.val();
                self.blocks_to_write.d.next = self.s_axil_wdata.val();
                self.ask_read.d.next = 1.into();
                self.ask_write.d.next = 1.into();
            }
        }
        self.failed.next = self.cause.q.val().any().into();
        self.read_now.next = (self.s_axil_arvalid.val().any() && !self.answer_read.q.val().any()).into();
        self.s_axil_arready.next = self.read_now.val();
        self.s_axil_rdata.next = self.read_data.q.val();
        self.s_axil_rresp.next = self.read_error.q.val() << 1;
        self.s_axil_rvalid.next = self.answer_read.q.val();
        if self.answer_read.q.val().any() && self.s_axil_rready.val().any() {
            self.answer_read.d.next = 0.into();
        }
        if self.read_now.val().any() {
            self.answer_read.d.next = 1.into();
            self.read_data.d.next = 0.into();
            self.read_error.d.next = 0.into();
            if self.s_axil_araddr.val() == 0x0 {
                self.read_data.d.next = 0x54455353.into();
            }
            if self.s_axil_araddr.val() == 0x44 {
                self.read_data.d.next =
                    (self.cause.q.val() << 8) | ((self.irq_status.q.val() & 1) << 2) | (self.failed.val() << 1);
            }
            if self.s_axil_araddr.val() == 0x4c {
                self.read_data.d.next = self.irq_status.q.val();
            }
            if self.s_axil_araddr.val() == 0x58 {
                self.read_data.d.next = self.done.q.val();
            }
            if self.s_axil_araddr.val() == 0x100 {
                self.read_data.d.next = self.cycles.q.val();
            }
            if self.s_axil_araddr.val() == 0x104 {
                self.read_data.d.next = self.cycles.q.val() >> 32;
            }
            if self.s_axil_araddr.val() == 0x108 {
                self.read_data.d.next = self.beats.q.val();
            }
            if self.s_axil_araddr.val() == 0x10c {
                self.read_data.d.next = self.beats.q.val() >> 32;
            }
            if self.s_axil_araddr.val() == 0xffc {
                self.read_error.d.next = 1.into();
            }
        }
        self.irq.next = (self.irq_status.q.val() & self.irq_enable.q.val()).any().into();

        // What is planted.
        if self.plant.val() == 1 {
            self.m_axi_wlast.next = 0.into();
        }
        if self.plant.val() == 2 && self.ask_read.q.val().any() && !self.m_axi_arready.val().any() {
            self.read_address.d.next = self.read_address.q.val() + 64;
        }
        if self.plant.val() == 3 {
            self.m_axi_arburst.next = 0.into();
        }
        if self.plant.val() == 4 {
            self.m_axi_wvalid.next = (self.m_axi_wvalid.val().any() && self.cycles.q.val().get_bit(0)).into();
            self.moves.next = (self.m_axi_wvalid.val().any() && self.m_axi_wready.val().any()).into();
        }
        if self.plant.val() == 5 {
            self.m_axi_arvalid.next = 1.into();
        }
        if self.plant.val() == 6 {
            self.s_axil_rvalid.next = 1.into();
        }
    }
}
