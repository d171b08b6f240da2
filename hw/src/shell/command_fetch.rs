use super::{buffer::Buffer, burst::Burst, resize::Resize};
use crate::program::COMMAND_BYTES;
use crate::rtl::prelude::*;

/// Commands that are read ahead.
const AHEAD: usize = 8;
/// Bytes of the longest burst: half of what is read ahead, so that one half arrives while the other is executed.
const BURST_BYTES: usize = AHEAD * COMMAND_BYTES / 2;

/// Reads a program's commands, ahead of their execution, as a stream of 64-bit words.
///
/// One program at a time: the next begins when the last word of the one before was taken. A burst is asked for when the
/// buffer of [`AHEAD`] commands has room for all of it.
#[derive(LogicBlock)]
pub struct CommandFetch {
    pub clock: Wire<In, Clk>,
    // Programs: address and length in blocks of 64 bytes
    pub job_valid: Wire<In>,
    pub job_ready: Wire<Out>,
    pub job_address: Wire<In>,
    pub job_blocks: Wire<In>,
    // Reads
    pub request_valid: Wire<Out>,
    pub request_ready: Wire<In>,
    pub request_address: Wire<Out>,
    pub request_beats_m1: Wire<Out>,
    pub read_valid: Wire<In>,
    pub read_ready: Wire<Out>,
    pub read_data: Wire<In>,
    // Words
    pub word_valid: Wire<Out>,
    pub word_ready: Wire<In>,
    pub word: Wire<Out>,
    /// The word belongs to the program's last block.
    pub word_last: Wire<Out>,
    pub idle: Wire<Out>,
    active: Reg,
    blocks: Reg,
    place: Reg,
    /// Room that no burst was asked for, in units of the smaller of a beat and a word.
    room: Reg,
    /// There is room for the burst that waits.
    allow: Reg,
    burst: Burst,
    resize: Resize,
    words: Buffer,
    take: Wire<Local>,
    start: Wire<Local>,
    asked: Wire<Local>,
    freed: Wire<Local>,
    block_shift: Const,
    beat_units: Const,
    unit_shift: Const,
    word_units: Const,
}

impl CommandFetch {
    /// For a link of `link_width` bits.
    pub fn new(link_width: usize) -> Self {
        let beat_bytes = link_width / 8;
        let unit = beat_bytes.min(8);
        let room = AHEAD * COMMAND_BYTES / unit;
        let block_shift = (COMMAND_BYTES / beat_bytes).ilog2() as usize;
        CommandFetch {
            clock: Default::default(),
            job_valid: Wire::bit(),
            job_ready: Wire::bit(),
            job_address: Wire::unsigned(64),
            job_blocks: Wire::unsigned(32),
            request_valid: Wire::bit(),
            request_ready: Wire::bit(),
            request_address: Wire::unsigned(64),
            request_beats_m1: Wire::unsigned(6),
            read_valid: Wire::bit(),
            read_ready: Wire::bit(),
            read_data: Wire::unsigned(link_width),
            word_valid: Wire::bit(),
            word_ready: Wire::bit(),
            word: Wire::unsigned(64),
            word_last: Wire::bit(),
            idle: Wire::bit(),
            active: Reg::bit(),
            blocks: Reg::unsigned(32),
            place: Reg::unsigned(3),
            room: Reg::new(count_bits(room), false, room as i128),
            allow: Reg::bit(),
            burst: Burst::new(beat_bytes, BURST_BYTES / beat_bytes),
            resize: Resize::new(link_width, 64),
            words: Buffer::new(AHEAD * COMMAND_BYTES / 8, 64),
            take: Wire::bit(),
            start: Wire::bit(),
            asked: Wire::unsigned(count_bits(room)),
            freed: Wire::unsigned(2),
            block_shift: Const::new(block_shift),
            beat_units: Const::new(beat_bytes / unit),
            unit_shift: Const::new((beat_bytes / unit).ilog2() as usize),
            word_units: Const::new(8 / unit),
        }
    }
}

impl Logic for CommandFetch {
    describe!("command_fetch", "Reads a program's commands ahead of their execution.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, active, blocks, place, room, allow);
        self.burst.clock.next = self.clock.val();
        self.resize.clock.next = self.clock.val();
        self.words.clock.next = self.clock.val();

        self.start.next = (self.job_valid.val().any() && !self.active.q.val().any()).into();
        self.job_ready.next = (!self.active.q.val().any()).into();
        self.idle.next = (!self.active.q.val().any()).into();
        self.burst.run_valid.next = self.start.val();
        self.burst.run_address.next = self.job_address.val();
        self.burst.run_beats_m1.next = (self.job_blocks.val() << self.block_shift.val()) - 1;

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

        self.resize.enq.valid.next = self.read_valid.val();
        self.resize.enq.payload.next = self.read_data.val();
        self.read_ready.next = self.resize.enq.ready.val();
        self.words.enq.valid.next = self.resize.deq.valid.val();
        self.words.enq.payload.next = self.resize.deq.payload.val();
        self.resize.deq.ready.next = self.words.enq.ready.val();
        self.word_valid.next = self.words.deq.valid.val();
        self.word.next = self.words.deq.payload.val();
        self.word_last.next = (self.blocks.q.val() == 1).into();
        self.words.deq.ready.next = self.word_ready.val();
        self.take.next = (self.words.deq.valid.val().any() && self.word_ready.val().any()).into();

        self.freed.next = 0.into();
        if self.start.val().any() {
            self.active.d.next = 1.into();
            self.blocks.d.next = self.job_blocks.val();
        } else if self.take.val().any() {
            self.freed.next = self.word_units.val();
            self.place.d.next = self.place.q.val() + 1;
            if self.place.q.val() == 7 {
                self.blocks.d.next = self.blocks.q.val() - 1;
                self.active.d.next = (!self.word_last.val().any()).into();
            }
        }
        self.room.d.next = self.room.q.val() + self.freed.val();
        if self.request_valid.val().any() && self.request_ready.val().any() {
            self.room.d.next = self.room.q.val() + self.freed.val() - self.asked.val();
        }
    }
}
