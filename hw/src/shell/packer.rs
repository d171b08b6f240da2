use super::write_port::WRITE_BEATS;
use crate::rlc::{CODE_BITS, CODE_BYTES};
use crate::rtl::prelude::*;
use crate::Arch;

/// Elements are requantised words.
pub const WORDS: usize = 0;
/// Elements are psums.
pub const RAW: usize = 1;
/// Elements are codes of compressed words.
pub const CODES: usize = 2;

/// Packs the elements of runs into beats with strobes, and beats into bursts.
///
/// A run begins at any element's alignment; its elements are of W bits, of P bits (raw) or of 64 bits (codes), each sign-extended
/// to its container. A beat ends where it is full or the run ends; a burst ends where the run ends or the next beat's number is a
/// multiple of [`WRITE_BEATS`]. Rate: an element a cycle; an element wider than a beat takes a cycle for each beat.
#[derive(LogicBlock)]
pub struct Packer {
    pub clock: Wire<In, Clk>,
    // Runs, each taken up with the last element of the one before
    pub run_valid: Wire<In>,
    pub run_ready: Wire<Out>,
    pub run_address: Wire<In>,
    /// What its elements are: one of [`WORDS`], [`RAW`], [`CODES`].
    pub run_kind: Wire<In>,
    /// A run is worked on, and whether its elements are [`CODES`].
    pub active: Wire<Out>,
    pub coded: Wire<Out>,
    // Elements
    pub element_valid: Wire<In>,
    pub element_ready: Wire<Out>,
    pub element: Wire<In>,
    pub element_last: Wire<In>,
    // Beats
    pub beat_valid: Wire<Out>,
    pub beat_ready: Wire<In>,
    pub beat_data: Wire<Out>,
    pub beat_strobe: Wire<Out>,
    // Bursts, each with its last beat
    pub burst_valid: Wire<Out>,
    pub burst_ready: Wire<In>,
    pub burst_address: Wire<Out>,
    pub burst_beats_m1: Wire<Out>,
    /// Bytes packed in this cycle.
    pub bytes: Wire<Out>,
    busy: Reg,
    kind: Reg,
    /// The beat so far: its newest element at the top.
    data: Reg,
    strobe: Reg,
    /// Bytes of the beat that are behind.
    offset: Reg,
    beat: Reg,
    /// Beats of the burst before this one.
    beats: Reg,
    part: Reg,
    end: Wire<Local>,
    gap: Wire<Local>,
    joined: Wire<Local>,
    joined_strobe: Wire<Local>,
    part_now: Wire<Local>,
    size: Wire<Local>,
    /// The part as an element of each kind.
    chunk: Vec<Wire<Local>>,
    element_done: Wire<Local>,
    run_done: Wire<Local>,
    beat_done: Wire<Local>,
    burst_done: Wire<Local>,
    step: Wire<Local>,
    codes: Const,
    beat_bytes: Const,
    beat_shift: Const,
    beat_bits: Const,
    /// Of each kind: bytes and bits of a part, places beside it in a beat, its strobes, parts of an element.
    kinds: Const,
    bytes_of: Vec<Const>,
    bits_of: Vec<Const>,
    above: Vec<Const>,
    ones: Vec<Const>,
    gap_of: Vec<Const>,
    parts: Vec<Const>,
    burst_mask: Const,
}

impl Packer {
    /// For the link, the words and the psums of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let beat = arch.link_bytes();
        let beat_shift = beat.ilog2() as usize;
        let kinds = [arch.word_bytes(), arch.psum_bytes(), CODE_BYTES];
        let of =
            |value: &dyn Fn(usize) -> usize| kinds.iter().map(|bytes| Const::new(value((*bytes).min(beat)))).collect();
        Packer {
            clock: Default::default(),
            run_valid: Wire::bit(),
            run_ready: Wire::bit(),
            run_address: Wire::unsigned(64),
            run_kind: Wire::unsigned(2),
            active: Wire::bit(),
            coded: Wire::bit(),
            element_valid: Wire::bit(),
            element_ready: Wire::bit(),
            element: Wire::unsigned(CODE_BITS),
            element_last: Wire::bit(),
            beat_valid: Wire::bit(),
            beat_ready: Wire::bit(),
            beat_data: Wire::unsigned(arch.link_width),
            beat_strobe: Wire::unsigned(beat),
            burst_valid: Wire::bit(),
            burst_ready: Wire::bit(),
            burst_address: Wire::unsigned(64),
            burst_beats_m1: Wire::unsigned(address_bits(WRITE_BEATS)),
            bytes: Wire::unsigned(4),
            busy: Reg::bit(),
            kind: Reg::unsigned(2),
            data: Reg::unsigned(arch.link_width),
            strobe: Reg::unsigned(beat),
            offset: Reg::unsigned(beat_shift),
            beat: Reg::unsigned(64 - beat_shift),
            beats: Reg::unsigned(address_bits(WRITE_BEATS)),
            part: Reg::bit(),
            end: Wire::unsigned(beat_shift + 1),
            gap: Wire::unsigned(beat_shift),
            joined: Wire::unsigned(arch.link_width),
            joined_strobe: Wire::unsigned(beat),
            part_now: Wire::unsigned(CODE_BITS),
            size: Wire::unsigned(4),
            chunk: kinds.iter().map(|bytes| Wire::unsigned(8 * (*bytes).min(beat))).collect(),
            element_done: Wire::bit(),
            run_done: Wire::bit(),
            beat_done: Wire::bit(),
            burst_done: Wire::bit(),
            step: Wire::bit(),
            codes: Const::new(CODES),
            beat_bytes: Const::new(beat),
            beat_shift: Const::new(beat_shift),
            beat_bits: Const::new(8 * beat),
            kinds: Const::new(kinds.len()),
            bytes_of: of(&|bytes| bytes),
            bits_of: of(&|bytes| 8 * bytes),
            above: of(&|bytes| 8 * (beat - bytes)),
            ones: of(&|bytes| (1 << bytes) - 1),
            gap_of: of(&|bytes| beat - bytes),
            parts: kinds.iter().map(|bytes| Const::new(bytes.div_ceil(beat))).collect(),
            burst_mask: Const::new(WRITE_BEATS - 1),
        }
    }
}

impl Logic for Packer {
    describe!("packer", "Packs the elements of runs into beats with strobes, and beats into bursts.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, busy, kind, data, strobe, offset, beat, beats, part);
        self.active.next = self.busy.q.val();
        self.coded.next = (self.busy.q.val().any() && self.kind.q.val() == self.codes.val()).into();

        // An element enters at the top of the beat; a beat that ends early is shifted down to its place.
        self.part_now.next = self.element.val();
        if self.part.q.val().any() {
            self.part_now.next = self.element.val() >> self.beat_bits.val();
        }
        for i in 0..self.kinds.index() {
            self.chunk[i].next = self.part_now.val();
        }
        self.joined.next = 0.into();
        self.joined_strobe.next = 0.into();
        self.size.next = 0.into();
        self.element_done.next = 0.into();
        for i in 0..self.kinds.index() {
            if self.kind.q.val() == i {
                self.joined.next =
                    (self.chunk[i].val() << self.above[i].val()) | (self.data.q.val() >> self.bits_of[i].val());
                self.joined_strobe.next =
                    (self.ones[i].val() << self.gap_of[i].val()) | (self.strobe.q.val() >> self.bytes_of[i].val());
                self.size.next = self.bytes_of[i].val();
                self.element_done.next = (self.part.q.val() + 1 == self.parts[i].val()).into();
            }
        }
        self.end.next = self.offset.q.val() + self.size.val();
        self.gap.next = self.beat_bytes.val() - self.end.val();
        self.run_done.next = self.element_last.val() & self.element_done.val();
        self.beat_done.next = (self.run_done.val().any() || self.end.val() == self.beat_bytes.val()).into();
        self.burst_done.next =
            (self.run_done.val().any() || (self.beat.q.val() & self.burst_mask.val()) == self.burst_mask.val()).into();
        self.step.next = (self.busy.q.val().any()
            && self.element_valid.val().any()
            && (!self.beat_done.val().any() || (self.beat_ready.val().any() && self.burst_ready.val().any())))
        .into();
        self.element_ready.next = self.step.val() & self.element_done.val();
        self.run_ready.next = (!self.busy.q.val().any() || (self.step.val().any() && self.run_done.val().any())).into();
        self.beat_valid.next = self.step.val() & self.beat_done.val();
        self.beat_data.next = self.joined.val() >> (self.gap.val() << 3);
        self.beat_strobe.next = self.joined_strobe.val() >> self.gap.val();
        self.burst_valid.next = self.step.val() & self.beat_done.val() & self.burst_done.val();
        self.burst_address.next = (self.beat.q.val() - self.beats.q.val()) << self.beat_shift.val();
        self.burst_beats_m1.next = self.beats.q.val();

        self.bytes.next = 0.into();
        if self.step.val().any() {
            self.bytes.next = self.size.val();
            self.part.d.next = !self.element_done.val();
            self.data.d.next = self.joined.val();
            if self.beat_done.val().any() {
                self.strobe.d.next = 0.into();
                self.offset.d.next = 0.into();
                self.beat.d.next = self.beat.q.val() + 1;
                if self.burst_done.val().any() {
                    self.beats.d.next = 0.into();
                } else {
                    self.beats.d.next = self.beats.q.val() + 1;
                }
            } else {
                self.strobe.d.next = self.joined_strobe.val();
                self.offset.d.next = self.end.val();
            }
        }
        if self.run_ready.val().any() {
            self.busy.d.next = self.run_valid.val();
            self.kind.d.next = self.run_kind.val();
            self.offset.d.next = self.run_address.val();
            self.beat.d.next = self.run_address.val() >> self.beat_shift.val();
        }
    }
}
