use super::async_fifo::AsyncFifo;
use crate::rtl::prelude::*;

/// Entries of the queue of each channel: enough for a beat, and for a burst of one beat, at each edge of the slower clock.
const ENTRIES: usize = 16;

/// The clock crossing of the AXI4 link: each of its five channels goes through an [`AsyncFifo`].
///
/// `s_axi` belongs to `clock`, `m_axi` to `link_clock`. Latency of a channel: that of the queue. Channels keep no order among each
/// other, as AXI4 allows: data of a burst may be offered before its address. All queues are empty when every burst has been answered.
#[derive(LogicBlock)]
pub struct LinkCrossing {
    pub clock: Wire<In, Clk>,
    pub link_clock: Wire<In, Clk>,
    pub s_axi_awaddr: Wire<In>,
    pub s_axi_awlen: Wire<In>,
    pub s_axi_awvalid: Wire<In>,
    pub s_axi_awready: Wire<Out>,
    pub s_axi_wdata: Wire<In>,
    pub s_axi_wstrb: Wire<In>,
    pub s_axi_wlast: Wire<In>,
    pub s_axi_wvalid: Wire<In>,
    pub s_axi_wready: Wire<Out>,
    pub s_axi_bresp: Wire<Out>,
    pub s_axi_bvalid: Wire<Out>,
    pub s_axi_bready: Wire<In>,
    pub s_axi_araddr: Wire<In>,
    pub s_axi_arlen: Wire<In>,
    pub s_axi_arvalid: Wire<In>,
    pub s_axi_arready: Wire<Out>,
    pub s_axi_rdata: Wire<Out>,
    pub s_axi_rresp: Wire<Out>,
    pub s_axi_rlast: Wire<Out>,
    pub s_axi_rvalid: Wire<Out>,
    pub s_axi_rready: Wire<In>,
    pub m_axi_awaddr: Wire<Out>,
    pub m_axi_awlen: Wire<Out>,
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
    pub m_axi_arvalid: Wire<Out>,
    pub m_axi_arready: Wire<In>,
    pub m_axi_rdata: Wire<In>,
    pub m_axi_rresp: Wire<In>,
    pub m_axi_rlast: Wire<In>,
    pub m_axi_rvalid: Wire<In>,
    pub m_axi_rready: Wire<Out>,
    aw: AsyncFifo,
    w: AsyncFifo,
    b: AsyncFifo,
    ar: AsyncFifo,
    r: AsyncFifo,
}

impl LinkCrossing {
    /// For a link of `link_width` bits.
    pub fn new(link_width: usize) -> Self {
        let strobe_bits = link_width / 8;
        LinkCrossing {
            clock: Default::default(),
            link_clock: Default::default(),
            s_axi_awaddr: Wire::unsigned(64),
            s_axi_awlen: Wire::unsigned(8),
            s_axi_awvalid: Wire::bit(),
            s_axi_awready: Wire::bit(),
            s_axi_wdata: Wire::unsigned(link_width),
            s_axi_wstrb: Wire::unsigned(strobe_bits),
            s_axi_wlast: Wire::bit(),
            s_axi_wvalid: Wire::bit(),
            s_axi_wready: Wire::bit(),
            s_axi_bresp: Wire::unsigned(2),
            s_axi_bvalid: Wire::bit(),
            s_axi_bready: Wire::bit(),
            s_axi_araddr: Wire::unsigned(64),
            s_axi_arlen: Wire::unsigned(8),
            s_axi_arvalid: Wire::bit(),
            s_axi_arready: Wire::bit(),
            s_axi_rdata: Wire::unsigned(link_width),
            s_axi_rresp: Wire::unsigned(2),
            s_axi_rlast: Wire::bit(),
            s_axi_rvalid: Wire::bit(),
            s_axi_rready: Wire::bit(),
            m_axi_awaddr: Wire::unsigned(64),
            m_axi_awlen: Wire::unsigned(8),
            m_axi_awvalid: Wire::bit(),
            m_axi_awready: Wire::bit(),
            m_axi_wdata: Wire::unsigned(link_width),
            m_axi_wstrb: Wire::unsigned(strobe_bits),
            m_axi_wlast: Wire::bit(),
            m_axi_wvalid: Wire::bit(),
            m_axi_wready: Wire::bit(),
            m_axi_bresp: Wire::unsigned(2),
            m_axi_bvalid: Wire::bit(),
            m_axi_bready: Wire::bit(),
            m_axi_araddr: Wire::unsigned(64),
            m_axi_arlen: Wire::unsigned(8),
            m_axi_arvalid: Wire::bit(),
            m_axi_arready: Wire::bit(),
            m_axi_rdata: Wire::unsigned(link_width),
            m_axi_rresp: Wire::unsigned(2),
            m_axi_rlast: Wire::bit(),
            m_axi_rvalid: Wire::bit(),
            m_axi_rready: Wire::bit(),
            aw: AsyncFifo::new(ENTRIES, &[64, 8]),
            w: AsyncFifo::new(ENTRIES, &[link_width, strobe_bits, 1]),
            b: AsyncFifo::new(ENTRIES, &[2]),
            ar: AsyncFifo::new(ENTRIES, &[64, 8]),
            r: AsyncFifo::new(ENTRIES, &[link_width, 2, 1]),
        }
    }
}

impl Logic for LinkCrossing {
    describe!("link_crossing", "Clock crossing of the AXI4 link: a queue between two clocks for each channel.");

    #[hdl_gen]
    fn update(&mut self) {
        self.aw.enq_clock.next = self.clock.val();
        self.aw.deq_clock.next = self.link_clock.val();
        self.aw.enq[0].next = self.s_axi_awaddr.val();
        self.aw.enq[1].next = self.s_axi_awlen.val();
        self.aw.enq_valid.next = self.s_axi_awvalid.val();
        self.s_axi_awready.next = self.aw.enq_ready.val();
        self.m_axi_awaddr.next = self.aw.deq[0].val();
        self.m_axi_awlen.next = self.aw.deq[1].val();
        self.m_axi_awvalid.next = self.aw.deq_valid.val();
        self.aw.deq_ready.next = self.m_axi_awready.val();

        self.w.enq_clock.next = self.clock.val();
        self.w.deq_clock.next = self.link_clock.val();
        self.w.enq[0].next = self.s_axi_wdata.val();
        self.w.enq[1].next = self.s_axi_wstrb.val();
        self.w.enq[2].next = self.s_axi_wlast.val();
        self.w.enq_valid.next = self.s_axi_wvalid.val();
        self.s_axi_wready.next = self.w.enq_ready.val();
        self.m_axi_wdata.next = self.w.deq[0].val();
        self.m_axi_wstrb.next = self.w.deq[1].val();
        self.m_axi_wlast.next = self.w.deq[2].val();
        self.m_axi_wvalid.next = self.w.deq_valid.val();
        self.w.deq_ready.next = self.m_axi_wready.val();

        self.b.enq_clock.next = self.link_clock.val();
        self.b.deq_clock.next = self.clock.val();
        self.b.enq[0].next = self.m_axi_bresp.val();
        self.b.enq_valid.next = self.m_axi_bvalid.val();
        self.m_axi_bready.next = self.b.enq_ready.val();
        self.s_axi_bresp.next = self.b.deq[0].val();
        self.s_axi_bvalid.next = self.b.deq_valid.val();
        self.b.deq_ready.next = self.s_axi_bready.val();

        self.ar.enq_clock.next = self.clock.val();
        self.ar.deq_clock.next = self.link_clock.val();
        self.ar.enq[0].next = self.s_axi_araddr.val();
        self.ar.enq[1].next = self.s_axi_arlen.val();
        self.ar.enq_valid.next = self.s_axi_arvalid.val();
        self.s_axi_arready.next = self.ar.enq_ready.val();
        self.m_axi_araddr.next = self.ar.deq[0].val();
        self.m_axi_arlen.next = self.ar.deq[1].val();
        self.m_axi_arvalid.next = self.ar.deq_valid.val();
        self.ar.deq_ready.next = self.m_axi_arready.val();

        self.r.enq_clock.next = self.link_clock.val();
        self.r.deq_clock.next = self.clock.val();
        self.r.enq[0].next = self.m_axi_rdata.val();
        self.r.enq[1].next = self.m_axi_rresp.val();
        self.r.enq[2].next = self.m_axi_rlast.val();
        self.r.enq_valid.next = self.m_axi_rvalid.val();
        self.m_axi_rready.next = self.r.enq_ready.val();
        self.s_axi_rdata.next = self.r.deq[0].val();
        self.s_axi_rresp.next = self.r.deq[1].val();
        self.s_axi_rlast.next = self.r.deq[2].val();
        self.s_axi_rvalid.next = self.r.deq_valid.val();
        self.r.deq_ready.next = self.s_axi_rready.val();
    }
}
