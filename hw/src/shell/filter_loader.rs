use super::{buffer::Buffer, burst, burst::Burst, wide_fifo::WideFifo, widen::Widen};
use crate::arch::FILTER_BUS_WORDS;
use crate::program::filter;
use crate::rtl::prelude::*;
use crate::Arch;

/// FILTER commands that wait in the queue.
const QUEUE: usize = 4;
/// FILTER commands whose beats are on the way.
const RUNS: usize = 4;

crate::slices! {
    /// The fields of `FILTER`.
    pub struct FilterFields, "filter_fields", "Fields of a FILTER command.";
    fn new();
    words 1..3;
    address: filter::ADDRESS, 64;
    bytes: filter::BYTES, 32;
}

/// Lines of the queue between the link and the core's staging: four bursts, to cover the latency of the memory.
const LINES: usize = 128;

/// FILTER: streams packed filters from DRAM to the core's filter staging, in lines of four words.
///
/// A burst is asked for when the queue has room for all of it, so its beats never wait for the core. What the last beat holds
/// beyond the command's bytes is dropped. Rate: a line a cycle.
#[derive(LogicBlock)]
pub struct FilterLoader {
    pub clock: Wire<In, Clk>,
    // Commands: words 1 and 2
    pub command_valid: Wire<In>,
    pub command_ready: Wire<Out>,
    pub command: Vec<Wire<In>>,
    // Reads
    pub request_valid: Wire<Out>,
    pub request_ready: Wire<In>,
    pub request_address: Wire<Out>,
    pub request_beats_m1: Wire<Out>,
    pub read_valid: Wire<In>,
    pub read_ready: Wire<Out>,
    pub read_data: Wire<In>,
    // Lines for the filter network
    pub staging_valid: Wire<Out>,
    pub staging_ready: Wire<In>,
    pub staging_word: Vec<Wire<Out>>,
    /// Nothing is queued or on its way.
    pub idle: Wire<Out>,
    queue: WideFifo,
    fields: FilterFields,
    burst: Burst,
    runs: Fifo,
    widen: Widen,
    staging: Buffer,
    /// Room in the queue that no burst was asked for, in units of the smaller of a beat and a line.
    room: Reg,
    /// There is room for the burst that waits.
    allow: Reg,
    fresh: Reg,
    left_m1: Reg,
    part: Reg,
    start: Wire<Local>,
    left_now: Wire<Local>,
    last: Wire<Local>,
    beat_end: Wire<Local>,
    step: Wire<Local>,
    line: Wire<Local>,
    word: Vec<Wire<Local>>,
    asked: Wire<Local>,
    /// What became free in the cycle before.
    freed: Reg,
    dropped: Wire<Local>,
    beat_shift: Const,
    line_shift: Const,
    beat_units: Const,
    unit_shift: Const,
    line_units: Const,
    lines: Const,
    line_offset: Vec<Const>,
    word_offset: Vec<Const>,
    packed_offset: Vec<Const>,
}

impl FilterLoader {
    /// For the link and the words of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let line_bytes = FILTER_BUS_WORDS * arch.word_bytes();
        let unit = line_bytes.min(arch.link_bytes());
        let room = LINES * line_bytes / unit;
        let most = (room * unit / arch.link_bytes() / 4).min(burst::READ_BEATS);
        let wide = line_bytes.max(arch.link_bytes());
        let lines = wide / line_bytes;
        FilterLoader {
            clock: Default::default(),
            command_valid: Wire::bit(),
            command_ready: Wire::bit(),
            command: (0..2).map(|_| Wire::unsigned(64)).collect(),
            request_valid: Wire::bit(),
            request_ready: Wire::bit(),
            request_address: Wire::unsigned(64),
            request_beats_m1: Wire::unsigned(6),
            read_valid: Wire::bit(),
            read_ready: Wire::bit(),
            read_data: Wire::unsigned(arch.link_width),
            staging_valid: Wire::bit(),
            staging_ready: Wire::bit(),
            staging_word: (0..FILTER_BUS_WORDS).map(|_| Wire::signed(arch.width)).collect(),
            idle: Wire::bit(),
            queue: WideFifo::new(QUEUE, &[64, 64]),
            fields: FilterFields::new(),
            burst: Burst::new(arch.link_bytes(), 1 << most.ilog2()),
            runs: Fifo::new(RUNS, 32, false),
            widen: Widen::new(arch.link_width, 8 * wide),
            staging: Buffer::new(LINES, FILTER_BUS_WORDS * arch.width),
            room: Reg::new(count_bits(room), false, room as i128),
            allow: Reg::bit(),
            fresh: Reg::new(1, false, 1),
            left_m1: Reg::data(32, false),
            part: Reg::unsigned(address_bits(lines)),
            start: Wire::bit(),
            left_now: Wire::unsigned(32),
            last: Wire::bit(),
            beat_end: Wire::bit(),
            step: Wire::bit(),
            line: Wire::unsigned(8 * line_bytes),
            word: (0..FILTER_BUS_WORDS).map(|_| Wire::unsigned(arch.width)).collect(),
            asked: Wire::unsigned(count_bits(room)),
            freed: Reg::unsigned(count_bits(lines + line_bytes / unit)),
            dropped: Wire::unsigned(count_bits(lines)),
            beat_shift: Const::new(arch.link_bytes().ilog2() as usize),
            line_shift: Const::new(line_bytes.ilog2() as usize),
            beat_units: Const::new(arch.link_bytes() / unit),
            unit_shift: Const::new((arch.link_bytes() / unit).ilog2() as usize),
            line_units: Const::new(line_bytes / unit),
            lines: Const::new(lines),
            line_offset: (0..lines).map(|i| Const::new(i * 8 * line_bytes)).collect(),
            word_offset: (0..FILTER_BUS_WORDS).map(|i| Const::new(i * 8 * arch.word_bytes())).collect(),
            packed_offset: (0..FILTER_BUS_WORDS).map(|i| Const::new(i * arch.width)).collect(),
        }
    }
}

impl Logic for FilterLoader {
    describe!("filter_loader", "FILTER: streams packed filters from DRAM to the core's filter staging.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, room, freed, allow, fresh, left_m1, part);
        self.queue.clock.next = self.clock.val();
        self.burst.clock.next = self.clock.val();
        self.runs.clock.next = self.clock.val();
        self.widen.clock.next = self.clock.val();
        self.staging.clock.next = self.clock.val();

        self.queue.enq_valid.next = self.command_valid.val();
        self.command_ready.next = self.queue.enq_ready.val();
        for i in 0..2 {
            self.queue.enq[i].next = self.command[i].val();
            self.fields.source[i].next = self.queue.deq[i].val();
        }
        self.start.next =
            (self.queue.deq_valid.val().any() && self.burst.run_ready.val().any() && self.runs.enq.ready.val().any())
                .into();
        self.queue.deq_ready.next = self.start.val();
        self.burst.run_valid.next = self.start.val();
        self.burst.run_address.next = self.fields.address.val();
        self.burst.run_beats_m1.next = (self.fields.bytes.val() - 1) >> self.beat_shift.val();
        self.runs.enq.valid.next = self.start.val();
        self.runs.enq.payload.next = (self.fields.bytes.val() - 1) >> self.line_shift.val();

        self.asked.next = (self.burst.request_beats_m1.val() + 1) * self.beat_units.val();
        // Room only grows while a request waits.
        self.allow.d.next = (!self.burst.run_ready.val().any()
            && !self.request_ready.val().any()
            && (self.room.q.val() >> self.unit_shift.val()) > self.burst.request_beats_m1.val())
        .into();
        self.burst.allow.next = self.allow.q.val();
        self.request_valid.next = self.burst.request_valid.val();
        self.request_address.next = self.burst.request_address.val();
        self.request_beats_m1.next = self.burst.request_beats_m1.val();
        self.burst.request_ready.next = self.request_ready.val();

        self.widen.enq.valid.next = self.read_valid.val();
        self.widen.enq.payload.next = self.read_data.val();
        self.read_ready.next = self.widen.enq.ready.val();

        // A line a step; the last line of a command ends its beat.
        if self.fresh.q.val().any() {
            self.left_now.next = self.runs.deq.payload.val();
        } else {
            self.left_now.next = self.left_m1.q.val();
        }
        self.last.next = (!self.left_now.val().any()).into();
        self.beat_end.next = (self.last.val().any() || self.part.q.val() + 1 == self.lines.val()).into();
        self.step.next =
            (self.widen.deq.valid.val().any() && self.runs.deq.valid.val().any() && self.staging.enq.ready.val().any())
                .into();
        self.widen.deq.ready.next = self.step.val() & self.beat_end.val();
        self.runs.deq.ready.next = self.step.val() & self.last.val();
        self.dropped.next = 0.into();
        if self.step.val().any() {
            self.fresh.d.next = self.last.val();
            self.left_m1.d.next = self.left_now.val() - 1;
            if self.beat_end.val().any() {
                self.part.d.next = 0.into();
                self.dropped.next = self.lines.val() - self.part.q.val() - 1;
            } else {
                self.part.d.next = self.part.q.val() + 1;
            }
        }

        self.line.next = self.widen.deq.payload.val();
        for i in 1..self.lines.index() {
            if self.part.q.val() == i {
                self.line.next = self.widen.deq.payload.val() >> self.line_offset[i].val();
            }
        }
        for i in 0..4 {
            self.word[i].next = self.line.val() >> self.word_offset[i].val();
            self.staging_word[i].next = self.staging.deq.payload.val() >> self.packed_offset[i].val();
        }
        self.staging.enq.valid.next = self.step.val();
        self.staging.enq.payload.next = self.word[0].val()
            | (self.word[1].val() << self.packed_offset[1].val())
            | (self.word[2].val() << self.packed_offset[2].val())
            | (self.word[3].val() << self.packed_offset[3].val());
        self.staging_valid.next = self.staging.deq.valid.val();
        self.staging.deq.ready.next = self.staging_ready.val();

        self.freed.d.next = self.dropped.val();
        if self.staging.deq.valid.val().any() && self.staging_ready.val().any() {
            self.freed.d.next = self.dropped.val() + self.line_units.val();
        }
        self.room.d.next = self.room.q.val() + self.freed.q.val();
        if self.request_valid.val().any() && self.request_ready.val().any() {
            self.room.d.next = self.room.q.val() + self.freed.q.val() - self.asked.val();
        }
        self.idle.next =
            (!self.queue.deq_valid.val().any() && !self.runs.deq.valid.val().any() && self.staging.empty.val().any())
                .into();
    }
}
