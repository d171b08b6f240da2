use crate::registers::PAGE_BYTES;
use crate::rtl::prelude::*;

/// The AXI4-Lite slave: turns the host's transfers into reads and writes of registers.
///
/// A write's address and data may come in any order. `write` is high for a cycle with the address, data and strobes, and
/// `write_error`, of the same cycle, becomes the response; `read` likewise with `read_data` and `read_error`. All outputs
/// to the bus are registers. A transfer takes 2 cycles at the least.
#[derive(LogicBlock)]
pub struct AxiLite {
    pub clock: Wire<In, Clk>,
    // The bus
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
    // Registers, by word address
    pub write: Wire<Out>,
    pub write_address: Wire<Out>,
    pub write_data: Wire<Out>,
    pub write_strobe: Wire<Out>,
    pub write_error: Wire<In>,
    pub read: Wire<Out>,
    pub read_address: Wire<Out>,
    pub read_data: Wire<In>,
    pub read_error: Wire<In>,
    aw_held: Reg,
    aw: Reg,
    w_held: Reg,
    w: Reg,
    strobe: Reg,
    b_valid: Reg,
    b_bad: Reg,
    ar_held: Reg,
    ar: Reg,
    r_valid: Reg,
    r_bad: Reg,
    r: Reg,
}

impl Default for AxiLite {
    fn default() -> Self {
        let address = address_bits(PAGE_BYTES);
        let word = address - 2;
        AxiLite {
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
            write: Wire::bit(),
            write_address: Wire::unsigned(word),
            write_data: Wire::unsigned(32),
            write_strobe: Wire::unsigned(4),
            write_error: Wire::bit(),
            read: Wire::bit(),
            read_address: Wire::unsigned(word),
            read_data: Wire::unsigned(32),
            read_error: Wire::bit(),
            aw_held: Reg::bit(),
            aw: Reg::unsigned(word),
            w_held: Reg::bit(),
            w: Reg::unsigned(32),
            strobe: Reg::unsigned(4),
            b_valid: Reg::bit(),
            b_bad: Reg::bit(),
            ar_held: Reg::bit(),
            ar: Reg::unsigned(word),
            r_valid: Reg::bit(),
            r_bad: Reg::bit(),
            r: Reg::unsigned(32),
        }
    }
}

impl Logic for AxiLite {
    describe!("axi_lite", "AXI4-Lite slave of the host's registers.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, aw_held, aw, w_held, w, strobe, b_valid, b_bad, ar_held, ar, r_valid, r_bad, r);

        self.s_axil_awready.next = (!self.aw_held.q.val().any()).into();
        self.s_axil_wready.next = (!self.w_held.q.val().any()).into();
        self.s_axil_bvalid.next = self.b_valid.q.val();
        self.s_axil_bresp.next = self.b_bad.q.val() << 1;
        self.write_address.next = self.aw.q.val();
        self.write_data.next = self.w.q.val();
        self.write_strobe.next = self.strobe.q.val();
        self.write.next =
            (self.aw_held.q.val().any() && self.w_held.q.val().any() && !self.b_valid.q.val().any()).into();
        if self.write.val().any() {
            self.aw_held.d.next = 0.into();
        } else if self.s_axil_awvalid.val().any() && !self.aw_held.q.val().any() {
            self.aw_held.d.next = 1.into();
            self.aw.d.next = self.s_axil_awaddr.val() >> 2;
        }
        if self.write.val().any() {
            self.w_held.d.next = 0.into();
        } else if self.s_axil_wvalid.val().any() && !self.w_held.q.val().any() {
            self.w_held.d.next = 1.into();
            self.w.d.next = self.s_axil_wdata.val();
            self.strobe.d.next = self.s_axil_wstrb.val();
        }
        if self.write.val().any() {
            self.b_valid.d.next = 1.into();
            self.b_bad.d.next = self.write_error.val();
        } else if self.s_axil_bready.val().any() {
            self.b_valid.d.next = 0.into();
        }

        self.s_axil_arready.next = (!self.ar_held.q.val().any()).into();
        self.s_axil_rvalid.next = self.r_valid.q.val();
        self.s_axil_rresp.next = self.r_bad.q.val() << 1;
        self.s_axil_rdata.next = self.r.q.val();
        self.read_address.next = self.ar.q.val();
        self.read.next = (self.ar_held.q.val().any() && !self.r_valid.q.val().any()).into();
        if self.read.val().any() {
            self.ar_held.d.next = 0.into();
            self.r_valid.d.next = 1.into();
            self.r.d.next = self.read_data.val();
            self.r_bad.d.next = self.read_error.val();
        } else {
            if self.s_axil_arvalid.val().any() && !self.ar_held.q.val().any() {
                self.ar_held.d.next = 1.into();
                self.ar.d.next = self.s_axil_araddr.val() >> 2;
            }
            if self.s_axil_rready.val().any() {
                self.r_valid.d.next = 0.into();
            }
        }
    }
}
