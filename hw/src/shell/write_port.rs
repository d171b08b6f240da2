use super::wide_fifo::WideFifo;
use crate::rtl::prelude::*;

/// Most beats of a write burst.
pub const WRITE_BEATS: usize = 16;
/// Bursts that wait.
const BURSTS: usize = 8;
/// Width of the count of bursts that are not answered.
const COUNT_BITS: usize = 4;

/// The AXI4 write master.
///
/// A burst is announced when all its beats are here, so its data follows without a gap. Up to 15 bursts may be unanswered.
/// `beat_ready` and `burst_ready` are one register, so that who gives a beat with a burst may wait for both: it says that of each one more fits, in the
/// cycle before too. So one place of either queue stays empty.
/// While `halt` is high no burst begins; those that have begun are finished. `drained` says that all were answered.
#[derive(LogicBlock)]
pub struct WritePort {
    pub clock: Wire<In, Clk>,
    pub halt: Wire<In>,
    // Beats
    pub beat_valid: Wire<In>,
    pub beat_ready: Wire<Out>,
    pub beat_data: Wire<In>,
    pub beat_strobe: Wire<In>,
    // Bursts, each with its last beat
    pub burst_valid: Wire<In>,
    pub burst_ready: Wire<Out>,
    pub burst_address: Wire<In>,
    pub burst_beats_m1: Wire<In>,
    // The bus
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
    /// Nothing waits and nothing is unanswered.
    pub idle: Wire<Out>,
    /// Nothing that has begun is unanswered.
    pub drained: Wire<Out>,
    // What happened in the last cycle
    pub moved: Wire<Out>,
    pub beat: Wire<Out>,
    pub error: Wire<Out>,
    beats: WideFifo,
    bursts: WideFifo,
    address: Reg,
    beats_m1: Reg,
    asking: Reg,
    sending: Reg,
    sent: Reg,
    open: Reg,
    beat_seen: Reg,
    move_seen: Reg,
    bad_seen: Reg,
    room: Reg,
    start: Wire<Local>,
    take: Wire<Local>,
    answer: Wire<Local>,
    most_open: Const,
    most_beats: Const,
    most_bursts: Const,
}

impl WritePort {
    /// For a link of `link_width` bits.
    pub fn new(link_width: usize) -> Self {
        let strobe_bits = link_width / 8;
        let length_bits = address_bits(WRITE_BEATS);
        WritePort {
            clock: Default::default(),
            halt: Wire::bit(),
            beat_valid: Wire::bit(),
            beat_ready: Wire::bit(),
            beat_data: Wire::unsigned(link_width),
            beat_strobe: Wire::unsigned(strobe_bits),
            burst_valid: Wire::bit(),
            burst_ready: Wire::bit(),
            burst_address: Wire::unsigned(64),
            burst_beats_m1: Wire::unsigned(length_bits),
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
            idle: Wire::bit(),
            drained: Wire::bit(),
            moved: Wire::bit(),
            beat: Wire::bit(),
            error: Wire::bit(),
            beats: WideFifo::new(2 * WRITE_BEATS, &[link_width, strobe_bits]),
            bursts: WideFifo::new(BURSTS, &[64, length_bits]),
            address: Reg::unsigned(64),
            beats_m1: Reg::unsigned(length_bits),
            asking: Reg::bit(),
            sending: Reg::bit(),
            sent: Reg::unsigned(length_bits),
            open: Reg::unsigned(COUNT_BITS),
            beat_seen: Reg::bit(),
            move_seen: Reg::bit(),
            bad_seen: Reg::bit(),
            room: Reg::bit(),
            start: Wire::bit(),
            take: Wire::bit(),
            answer: Wire::bit(),
            most_open: Const::new((1 << COUNT_BITS) - 1),
            most_beats: Const::new(2 * WRITE_BEATS - 1),
            most_bursts: Const::new(BURSTS - 1),
        }
    }
}

impl Logic for WritePort {
    describe!("write_port", "AXI4 write master; a burst begins when all its data is here.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, address, beats_m1, asking, sending, sent, open, beat_seen, move_seen, bad_seen, room);
        self.beats.clock.next = self.clock.val();
        self.bursts.clock.next = self.clock.val();

        self.beats.enq_valid.next = self.beat_valid.val();
        self.beats.enq[0].next = self.beat_data.val();
        self.beats.enq[1].next = self.beat_strobe.val();
        self.beat_ready.next = self.room.q.val();
        self.bursts.enq_valid.next = self.burst_valid.val();
        self.bursts.enq[0].next = self.burst_address.val();
        self.bursts.enq[1].next = self.burst_beats_m1.val();
        self.burst_ready.next = self.room.q.val();
        self.room.d.next =
            (self.beats.level.val() < self.most_beats.val() && self.bursts.level.val() < self.most_bursts.val()).into();

        self.m_axi_awaddr.next = self.address.q.val();
        self.m_axi_awlen.next = self.beats_m1.q.val();
        self.m_axi_awvalid.next = self.asking.q.val();
        self.m_axi_wdata.next = self.beats.deq[0].val();
        self.m_axi_wstrb.next = self.beats.deq[1].val();
        self.m_axi_wvalid.next = self.sending.q.val();
        self.m_axi_wlast.next = (self.sent.q.val() == self.beats_m1.q.val()).into();
        self.m_axi_bready.next = self.open.q.val().any().into();
        self.take.next = self.sending.q.val() & self.m_axi_wready.val();
        self.answer.next = self.m_axi_bvalid.val() & self.m_axi_bready.val();
        self.beats.deq_ready.next = self.take.val();

        // The next burst begins as soon as the address and the last beat of the one before are taken.
        self.start.next = (self.bursts.deq_valid.val().any()
            && (!self.asking.q.val().any() || self.m_axi_awready.val().any())
            && (!self.sending.q.val().any() || (self.take.val().any() && self.m_axi_wlast.val().any()))
            && self.open.q.val() != self.most_open.val()
            && !self.halt.val().any())
        .into();
        self.bursts.deq_ready.next = self.start.val();
        if self.start.val().any() {
            self.address.d.next = self.bursts.deq[0].val();
            self.beats_m1.d.next = self.bursts.deq[1].val();
            self.asking.d.next = 1.into();
            self.sending.d.next = 1.into();
            self.sent.d.next = 0.into();
        } else {
            if self.m_axi_awready.val().any() {
                self.asking.d.next = 0.into();
            }
            if self.take.val().any() {
                self.sent.d.next = self.sent.q.val() + 1;
                self.sending.d.next = (!self.m_axi_wlast.val().any()).into();
            }
        }
        self.open.d.next = self.open.q.val() + self.start.val() - self.answer.val();

        self.beat_seen.d.next = self.take.val();
        self.move_seen.d.next = self.take.val() | self.answer.val() | (self.asking.q.val() & self.m_axi_awready.val());
        self.bad_seen.d.next = (self.answer.val().any() && self.m_axi_bresp.val().any()).into();
        self.beat.next = self.beat_seen.q.val();
        self.moved.next = self.move_seen.q.val();
        self.error.next = self.bad_seen.q.val();
        self.drained.next = (!self.open.q.val().any()).into();
        self.idle.next = (!self.bursts.deq_valid.val().any() && !self.open.q.val().any()).into();
    }
}
