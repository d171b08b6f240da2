use super::register_read::RegisterRead;
use crate::program::{error, COMMAND_BYTES};
use crate::registers::*;
use crate::rtl::prelude::*;
use crate::Arch;

/// The registers behind the host port, the queue of programs, and what has gone wrong.
///
/// The first error is kept, with its cause, until the reset. A write takes effect at the end of its cycle.
#[derive(LogicBlock)]
pub struct Control {
    pub clock: Wire<In, Clk>,
    // The host port; addresses are of words
    pub write: Wire<In>,
    pub write_address: Wire<In>,
    pub write_data: Wire<In>,
    pub write_strobe: Wire<In>,
    pub write_error: Wire<Out>,
    pub read: Wire<In>,
    pub read_address: Wire<In>,
    pub read_data: Wire<Out>,
    pub read_error: Wire<Out>,
    pub irq: Wire<Out>,
    // What the host asks for
    pub reset_request: Wire<Out>,
    pub clear_counters: Wire<Out>,
    pub watchdog_limit: Wire<Out>,
    pub job_valid: Wire<Out>,
    pub job_ready: Wire<In>,
    pub job_address: Wire<Out>,
    pub job_blocks: Wire<Out>,
    // What it is told
    pub resetting: Wire<In>,
    pub busy: Wire<In>,
    pub layer_done: Wire<In>,
    pub layer_number: Wire<In>,
    pub command_failed: Wire<In>,
    pub command_cause: Wire<In>,
    pub read_failed: Wire<In>,
    pub write_failed: Wire<In>,
    pub stream_failed: Wire<In>,
    pub watchdog_expired: Wire<In>,
    pub error: Wire<Out>,
    pub total: Vec<Wire<In>>,
    jobs: Fifo,
    readout: RegisterRead,
    address_low: Reg,
    address_high: Reg,
    irq_enable: Reg,
    irq_status: Reg,
    watchdog: Reg,
    last_layer: Reg,
    done_count: Reg,
    failed: Reg,
    cause: Reg,
    mask: Wire<Local>,
    data: Wire<Local>,
    push: Wire<Local>,
    push_bad: Wire<Local>,
    fresh_error: Wire<Local>,
    events: Wire<Local>,
    cleared: Wire<Local>,
    built: Const,
    built_value: Vec<Const>,
    counters: Const,
    at_control: Const,
    at_irq_enable: Const,
    at_irq_status: Const,
    at_watchdog: Const,
    at_queue_low: Const,
    at_queue_high: Const,
    at_queue_push: Const,
    queue_depth: Const,
    block_bits: Const,
    error_read: Const,
    error_write: Const,
    error_watchdog: Const,
    error_stream: Const,
}

/// What was built, as the host reads it.
pub fn built(arch: &Arch) -> [(Register, usize); 16] {
    [
        (ID, ID_VALUE as usize),
        (VERSION, VERSION_VALUE as usize),
        (DATAFLOW, arch.array_number()),
        (ACCUMULATORS, arch.accumulators),
        (ROWS, arch.rows),
        (COLS, arch.cols),
        (WIDTH, arch.width),
        (PSUM_WIDTH, arch.psum_width),
        (BANKS, arch.banks),
        (LANE_WIDTH, arch.lane_width),
        (PSUM_LANES, arch.psum_lanes),
        (IFMAP_SPAD, arch.ifmap_spad),
        (FILTER_SPAD, arch.filter_spad),
        (PSUM_SPAD, arch.psum_spad),
        (LINK_WIDTH, arch.link_width),
        (STAGING_LINES, arch.staging_lines),
    ]
}

impl Control {
    /// The registers of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let word = address_bits(PAGE_BYTES) - 2;
        let at = |offset: usize| Const::new(offset / 4);
        let constant = |n: u64| Const::new(n as usize);
        let built = built(arch);
        assert!(built.iter().zip(REGISTERS).all(|(built, register)| built.0 == *register), "the order of `REGISTERS`");
        Control {
            clock: Default::default(),
            write: Wire::bit(),
            write_address: Wire::unsigned(word),
            write_data: Wire::unsigned(32),
            write_strobe: Wire::unsigned(4),
            write_error: Wire::bit(),
            read: Wire::bit(),
            read_address: Wire::unsigned(word),
            read_data: Wire::unsigned(32),
            read_error: Wire::bit(),
            irq: Wire::bit(),
            reset_request: Wire::bit(),
            clear_counters: Wire::bit(),
            watchdog_limit: Wire::unsigned(32),
            job_valid: Wire::bit(),
            job_ready: Wire::bit(),
            job_address: Wire::unsigned(64),
            job_blocks: Wire::unsigned(32),
            resetting: Wire::bit(),
            busy: Wire::bit(),
            layer_done: Wire::bit(),
            layer_number: Wire::unsigned(32),
            command_failed: Wire::bit(),
            command_cause: Wire::unsigned(3),
            read_failed: Wire::bit(),
            write_failed: Wire::bit(),
            stream_failed: Wire::bit(),
            watchdog_expired: Wire::bit(),
            error: Wire::bit(),
            total: COUNTERS.iter().map(|_| Wire::unsigned(64)).collect(),
            jobs: Fifo::new(QUEUE_DEPTH, 96, false),
            readout: Default::default(),
            address_low: Reg::unsigned(32),
            address_high: Reg::unsigned(32),
            irq_enable: Reg::unsigned(IRQ_ENABLE.width),
            irq_status: Reg::unsigned(IRQ_STATUS.width),
            watchdog: Reg::new(32, false, WATCHDOG.reset as i128),
            last_layer: Reg::unsigned(32),
            done_count: Reg::unsigned(32),
            failed: Reg::bit(),
            cause: Reg::unsigned(4),
            mask: Wire::unsigned(32),
            data: Wire::unsigned(32),
            push: Wire::bit(),
            push_bad: Wire::bit(),
            fresh_error: Wire::bit(),
            events: Wire::unsigned(IRQ_STATUS.width),
            cleared: Wire::unsigned(IRQ_STATUS.width),
            built: Const::new(built.len()),
            built_value: built.iter().map(|b| Const::new(b.1)).collect(),
            counters: Const::new(COUNTERS.len()),
            at_control: at(CONTROL.offset),
            at_irq_enable: at(IRQ_ENABLE.offset),
            at_irq_status: at(IRQ_STATUS.offset),
            at_watchdog: at(WATCHDOG.offset),
            at_queue_low: at(QUEUE_ADDR_LO.offset),
            at_queue_high: at(QUEUE_ADDR_HI.offset),
            at_queue_push: at(QUEUE_PUSH.offset),
            queue_depth: Const::new(QUEUE_DEPTH),
            block_bits: Const::new(COMMAND_BYTES.ilog2() as usize),
            error_read: constant(error::READ),
            error_write: constant(error::WRITE),
            error_watchdog: constant(error::WATCHDOG),
            error_stream: constant(error::STREAM),
        }
    }
}

impl Logic for Control {
    describe!("control", "Registers behind the host port, the queue of programs, and the first error.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, address_low, address_high, irq_enable, irq_status, watchdog, last_layer, done_count);
        dff_setup!(self, clock, failed, cause);
        self.jobs.clock.next = self.clock.val();

        // Writes
        self.mask.next = (bit_cast(self.write_strobe.val(), 1) * 0xff)
            | ((bit_cast(self.write_strobe.val() >> 1, 1) * 0xff) << 8)
            | ((bit_cast(self.write_strobe.val() >> 2, 1) * 0xff) << 16)
            | ((bit_cast(self.write_strobe.val() >> 3, 1) * 0xff) << 24);
        self.data.next = self.write_data.val() & self.mask.val();
        self.push_bad.next = (!self.jobs.enq.ready.val().any()
            || !self.data.val().any()
            || bit_cast(self.address_low.q.val(), self.block_bits.index()).any())
        .into();
        self.push.next = 0.into();
        self.cleared.next = 0.into();
        self.reset_request.next = 0.into();
        self.clear_counters.next = 0.into();
        self.write_error.next = self.readout.write_unmapped.val();
        if self.write.val().any() {
            if self.write_address.val() == self.at_control.val() {
                self.reset_request.next = self.data.val();
                self.clear_counters.next = self.data.val() >> 1;
            } else if self.write_address.val() == self.at_irq_enable.val() {
                self.irq_enable.d.next = (self.irq_enable.q.val() & !self.mask.val()) | self.data.val();
            } else if self.write_address.val() == self.at_irq_status.val() {
                self.cleared.next = self.data.val();
            } else if self.write_address.val() == self.at_watchdog.val() {
                self.watchdog.d.next = (self.watchdog.q.val() & !self.mask.val()) | self.data.val();
            } else if self.write_address.val() == self.at_queue_low.val() {
                self.address_low.d.next = (self.address_low.q.val() & !self.mask.val()) | self.data.val();
            } else if self.write_address.val() == self.at_queue_high.val() {
                self.address_high.d.next = (self.address_high.q.val() & !self.mask.val()) | self.data.val();
            } else if self.write_address.val() == self.at_queue_push.val() {
                self.push.next = !self.push_bad.val();
                self.write_error.next = self.push_bad.val();
            }
        }

        // The queue of programs
        self.jobs.enq.valid.next = self.push.val();
        self.jobs.enq.payload.next =
            (((self.data.val() << 32) | self.address_high.q.val()) << 32) | self.address_low.q.val();
        self.job_valid.next = self.jobs.deq.valid.val();
        self.job_address.next = self.jobs.deq.payload.val();
        self.job_blocks.next = self.jobs.deq.payload.val() >> 64;
        self.jobs.deq.ready.next = self.job_ready.val();

        // Layers and errors
        if self.layer_done.val().any() {
            self.last_layer.d.next = self.layer_number.val();
            self.done_count.d.next = self.done_count.q.val() + 1;
        }
        self.fresh_error.next = (!self.failed.q.val().any()
            && (self.command_failed.val().any()
                || self.read_failed.val().any()
                || self.write_failed.val().any()
                || self.stream_failed.val().any()
                || self.watchdog_expired.val().any()))
        .into();
        if self.fresh_error.val().any() {
            self.failed.d.next = 1.into();
            if self.command_failed.val().any() {
                self.cause.d.next = self.command_cause.val();
            } else if self.read_failed.val().any() {
                self.cause.d.next = self.error_read.val();
            } else if self.write_failed.val().any() {
                self.cause.d.next = self.error_write.val();
            } else if self.stream_failed.val().any() {
                self.cause.d.next = self.error_stream.val();
            } else {
                self.cause.d.next = self.error_watchdog.val();
            }
        }
        self.error.next = self.failed.q.val();
        self.events.next = (self.fresh_error.val() << 1) | self.layer_done.val();
        self.irq_status.d.next = (self.irq_status.q.val() & !self.cleared.val()) | self.events.val();
        self.irq.next = (self.irq_status.q.val() & self.irq_enable.q.val()).any().into();
        self.watchdog_limit.next = self.watchdog.q.val();

        // Reads; the values are in the order of `REGISTERS`, those of what was built first
        self.readout.read.next = self.read.val();
        self.readout.read_address.next = self.read_address.val();
        self.readout.write.next = self.write.val();
        self.readout.write_address.next = self.write_address.val();
        for i in 0..self.built.index() {
            self.readout.value[i].next = self.built_value[i].val();
        }
        self.readout.value[16].next = self.resetting.val();
        self.readout.value[17].next =
            (self.cause.q.val() << 8) | (self.irq.val() << 2) | (self.failed.q.val() << 1) | self.busy.val();
        self.readout.value[18].next = self.irq_enable.q.val();
        self.readout.value[19].next = self.irq_status.q.val();
        self.readout.value[20].next = self.watchdog.q.val();
        self.readout.value[21].next = self.last_layer.q.val();
        self.readout.value[22].next = self.done_count.q.val();
        self.readout.value[23].next = self.address_low.q.val();
        self.readout.value[24].next = self.address_high.q.val();
        self.readout.value[25].next = self.queue_depth.val() - self.jobs.level.val();
        for i in 0..self.counters.index() {
            self.readout.total[i].next = self.total[i].val();
        }
        self.read_data.next = self.readout.data.val();
        self.read_error.next = self.readout.read_unmapped.val();
    }
}
