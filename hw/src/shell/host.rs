use super::{axi_lite::AxiLite, control::Control, counters::Counters, soft_reset::SoftReset, watchdog::Watchdog};
use crate::registers::{COUNTERS, PAGE_BYTES};
use crate::rtl::prelude::*;
use crate::Arch;

/// The host's side: its port, the registers, the queue of programs, the counters, the watchdog and the reset.
///
/// `halt` is high after an error and during a reset: nothing new is to begin. `shell_reset` and `core_reset` reset
/// all blocks but the port, as in [`SoftReset`].
#[derive(LogicBlock)]
pub struct Host {
    pub clock: Wire<In, Clk>,
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
    pub halt: Wire<Out>,
    pub shell_reset: Wire<Out>,
    pub core_reset: Wire<Out>,
    // Programs
    pub job_valid: Wire<Out>,
    pub job_ready: Wire<In>,
    pub job_address: Wire<Out>,
    pub job_blocks: Wire<Out>,
    // What the units do
    /// A program or a unit is in work.
    pub working: Wire<In>,
    /// No transfer to memory has begun and not ended.
    pub drained: Wire<In>,
    pub progress: Wire<In>,
    pub layer_done: Wire<In>,
    pub layer_number: Wire<In>,
    pub command_failed: Wire<In>,
    pub command_cause: Wire<In>,
    pub read_failed: Wire<In>,
    pub write_failed: Wire<In>,
    pub stream_failed: Wire<In>,
    /// Amounts of all counters but the first, which counts busy cycles.
    pub amount: Vec<Wire<In>>,
    port: AxiLite,
    control: Control,
    reset: SoftReset,
    watchdog: Watchdog,
    counters: Counters,
    busy: Wire<Local>,
    others: Const,
    all_counters: Const,
}

impl Host {
    /// The registers of `arch`; the counters but the first grow by amounts of these widths.
    pub fn new(arch: &Arch, amount_bits: &[usize]) -> Self {
        assert_eq!(amount_bits.len() + 1, COUNTERS.len(), "an amount for each counter but the first");
        let address = address_bits(PAGE_BYTES);
        let all_bits: Vec<usize> = std::iter::once(1).chain(amount_bits.iter().copied()).collect();
        Host {
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
            halt: Wire::bit(),
            shell_reset: Wire::bit(),
            core_reset: Wire::bit(),
            job_valid: Wire::bit(),
            job_ready: Wire::bit(),
            job_address: Wire::unsigned(64),
            job_blocks: Wire::unsigned(32),
            working: Wire::bit(),
            drained: Wire::bit(),
            progress: Wire::bit(),
            layer_done: Wire::bit(),
            layer_number: Wire::unsigned(32),
            command_failed: Wire::bit(),
            command_cause: Wire::unsigned(3),
            read_failed: Wire::bit(),
            write_failed: Wire::bit(),
            stream_failed: Wire::bit(),
            amount: amount_bits.iter().map(|bits| Wire::unsigned(*bits)).collect(),
            port: Default::default(),
            control: Control::new(arch),
            reset: Default::default(),
            watchdog: Default::default(),
            counters: Counters::new(&all_bits),
            busy: Wire::bit(),
            others: Const::new(amount_bits.len()),
            all_counters: Const::new(all_bits.len()),
        }
    }
}

impl Logic for Host {
    describe!("host", "Host port, registers, queue of programs, counters, watchdog and reset.");

    #[hdl_gen]
    fn update(&mut self) {
        self.port.clock.next = self.clock.val();
        self.reset.clock.next = self.clock.val();
        self.control.clock.next = self.clock.val() | self.reset.shell_reset.val();
        self.watchdog.clock.next = self.clock.val() << self.reset.shell_reset.val();
        self.counters.clock.next = self.clock.val() << self.reset.shell_reset.val();

        self.port.s_axil_awaddr.next = self.s_axil_awaddr.val();
        self.port.s_axil_awvalid.next = self.s_axil_awvalid.val();
        self.s_axil_awready.next = self.port.s_axil_awready.val();
        self.port.s_axil_wdata.next = self.s_axil_wdata.val();
        self.port.s_axil_wstrb.next = self.s_axil_wstrb.val();
        self.port.s_axil_wvalid.next = self.s_axil_wvalid.val();
        self.s_axil_wready.next = self.port.s_axil_wready.val();
        self.s_axil_bresp.next = self.port.s_axil_bresp.val();
        self.s_axil_bvalid.next = self.port.s_axil_bvalid.val();
        self.port.s_axil_bready.next = self.s_axil_bready.val();
        self.port.s_axil_araddr.next = self.s_axil_araddr.val();
        self.port.s_axil_arvalid.next = self.s_axil_arvalid.val();
        self.s_axil_arready.next = self.port.s_axil_arready.val();
        self.s_axil_rdata.next = self.port.s_axil_rdata.val();
        self.s_axil_rresp.next = self.port.s_axil_rresp.val();
        self.s_axil_rvalid.next = self.port.s_axil_rvalid.val();
        self.port.s_axil_rready.next = self.s_axil_rready.val();

        self.control.write.next = self.port.write.val();
        self.control.write_address.next = self.port.write_address.val();
        self.control.write_data.next = self.port.write_data.val();
        self.control.write_strobe.next = self.port.write_strobe.val();
        self.port.write_error.next = self.control.write_error.val();
        self.control.read.next = self.port.read.val();
        self.control.read_address.next = self.port.read_address.val();
        self.port.read_data.next = self.control.read_data.val();
        self.port.read_error.next = self.control.read_error.val();
        self.irq.next = self.control.irq.val();

        self.job_valid.next = self.control.job_valid.val();
        self.control.job_ready.next = self.job_ready.val();
        self.job_address.next = self.control.job_address.val();
        self.job_blocks.next = self.control.job_blocks.val();

        self.reset.request.next = self.control.reset_request.val();
        self.reset.drained.next = self.drained.val();
        self.shell_reset.next = self.reset.shell_reset.val();
        self.core_reset.next = self.reset.core_reset.val();
        self.halt.next = self.control.error.val() | self.reset.active.val();
        self.control.resetting.next = self.reset.active.val();

        // After an error, busy means that transfers to memory are ending.
        if self.halt.val().any() {
            self.busy.next = !self.drained.val();
        } else {
            self.busy.next = self.working.val() | self.control.job_valid.val();
        }
        self.control.busy.next = self.busy.val();
        self.watchdog.busy.next = (self.busy.val().any() && !self.halt.val().any()).into();
        self.watchdog.progress.next = self.progress.val();
        self.watchdog.limit.next = self.control.watchdog_limit.val();
        self.control.watchdog_expired.next = self.watchdog.expired.val();
        self.control.layer_done.next = self.layer_done.val();
        self.control.layer_number.next = self.layer_number.val();
        self.control.command_failed.next = self.command_failed.val();
        self.control.command_cause.next = self.command_cause.val();
        self.control.read_failed.next = self.read_failed.val();
        self.control.write_failed.next = self.write_failed.val();
        self.control.stream_failed.next = self.stream_failed.val();

        self.counters.clear.next = self.control.clear_counters.val();
        self.counters.amount[0].next = self.busy.val();
        for i in 0..self.others.index() {
            self.counters.amount[i + 1].next = self.amount[i].val();
        }
        for i in 0..self.all_counters.index() {
            self.control.total[i].next = self.counters.total[i].val();
        }
    }
}
