use super::write_port::WRITE_BEATS;
use crate::rtl::prelude::*;
use crate::Arch;

/// Packs the elements of runs into beats with strobes, and beats into bursts.
///
/// A run begins at any element's alignment; its elements are of W bits or, raw, of P bits, each sign-extended to its
/// container. A beat ends where it is full or the run ends; a burst ends where the run ends or the next beat's number is a
/// multiple of [`WRITE_BEATS`]. Rate: an element a cycle; an element wider than a beat takes a cycle for each beat.
#[derive(LogicBlock)]
pub struct Packer {
    pub clock: Wire<In, Clk>,
    // Runs, taken with their last element
    pub run_valid: Wire<In>,
    pub run_ready: Wire<Out>,
    pub run_address: Wire<In>,
    pub run_raw: Wire<In>,
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
    fresh: Reg,
    /// The beat so far: its newest element at the top.
    data: Reg,
    strobe: Reg,
    /// Bytes of the beat that are behind.
    offset: Reg,
    beat: Reg,
    /// Beats of the burst before this one.
    beats: Reg,
    part: Reg,
    offset_now: Wire<Local>,
    beat_now: Wire<Local>,
    end: Wire<Local>,
    gap: Wire<Local>,
    joined: Wire<Local>,
    joined_strobe: Wire<Local>,
    element_done: Wire<Local>,
    run_done: Wire<Local>,
    beat_done: Wire<Local>,
    burst_done: Wire<Local>,
    step: Wire<Local>,
    beat_bytes: Const,
    beat_shift: Const,
    word_bytes: Const,
    word_bits: Const,
    word_above: Const,
    word_ones: Const,
    word_gap: Const,
    raw_bytes: Const,
    raw_bits: Const,
    raw_above: Const,
    raw_ones: Const,
    raw_gap: Const,
    raw_parts: Const,
    burst_mask: Const,
}

impl Packer {
    /// For the link, the words and the psums of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let beat = arch.link_bytes();
        let beat_shift = beat.ilog2() as usize;
        let word = arch.word_bytes();
        let raw = arch.psum_bytes().min(beat);
        Packer {
            clock: Default::default(),
            run_valid: Wire::bit(),
            run_ready: Wire::bit(),
            run_address: Wire::unsigned(64),
            run_raw: Wire::bit(),
            element_valid: Wire::bit(),
            element_ready: Wire::bit(),
            element: Wire::signed(arch.psum_width),
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
            fresh: Reg::new(1, false, 1),
            data: Reg::unsigned(arch.link_width),
            strobe: Reg::unsigned(beat),
            offset: Reg::unsigned(beat_shift),
            beat: Reg::unsigned(64 - beat_shift),
            beats: Reg::unsigned(address_bits(WRITE_BEATS)),
            part: Reg::bit(),
            offset_now: Wire::unsigned(beat_shift),
            beat_now: Wire::unsigned(64 - beat_shift),
            end: Wire::unsigned(beat_shift + 1),
            gap: Wire::unsigned(beat_shift),
            joined: Wire::unsigned(arch.link_width),
            joined_strobe: Wire::unsigned(beat),
            element_done: Wire::bit(),
            run_done: Wire::bit(),
            beat_done: Wire::bit(),
            burst_done: Wire::bit(),
            step: Wire::bit(),
            beat_bytes: Const::new(beat),
            beat_shift: Const::new(beat_shift),
            word_bytes: Const::new(word),
            word_bits: Const::new(8 * word),
            word_above: Const::new(8 * (beat - word)),
            word_ones: Const::new((1 << word) - 1),
            word_gap: Const::new(beat - word),
            raw_bytes: Const::new(raw),
            raw_bits: Const::new(8 * raw),
            raw_above: Const::new(8 * (beat - raw)),
            raw_ones: Const::new((1 << raw) - 1),
            raw_gap: Const::new(beat - raw),
            raw_parts: Const::new(arch.psum_bytes() / raw),
            burst_mask: Const::new(WRITE_BEATS - 1),
        }
    }
}

impl Logic for Packer {
    describe!("packer", "Packs the elements of runs into beats with strobes, and beats into bursts.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, fresh, data, strobe, offset, beat, beats, part);

        self.offset_now.next = self.offset.q.val();
        self.beat_now.next = self.beat.q.val();
        if self.fresh.q.val().any() {
            self.offset_now.next = self.run_address.val();
            self.beat_now.next = self.run_address.val() >> self.beat_shift.val();
        }

        // An element enters at the top of the beat; a beat that ends early is shifted down to its place.
        self.bytes.next = 0.into();
        if !self.run_raw.val().any() {
            self.joined.next = (bit_cast(self.element.val(), self.word_bits.index()) << self.word_above.val())
                | (self.data.q.val() >> self.word_bits.val());
            self.joined_strobe.next =
                (self.word_ones.val() << self.word_gap.val()) | (self.strobe.q.val() >> self.word_bytes.val());
            self.end.next = self.offset_now.val() + self.word_bytes.val();
            self.element_done.next = 1.into();
        } else {
            if self.part.q.val().any() {
                self.joined.next = (bit_cast(self.element.val() >> self.raw_bits.val(), self.raw_bits.index())
                    << self.raw_above.val())
                    | (self.data.q.val() >> self.raw_bits.val());
            } else {
                self.joined.next = (bit_cast(self.element.val(), self.raw_bits.index()) << self.raw_above.val())
                    | (self.data.q.val() >> self.raw_bits.val());
            }
            self.joined_strobe.next =
                (self.raw_ones.val() << self.raw_gap.val()) | (self.strobe.q.val() >> self.raw_bytes.val());
            self.end.next = self.offset_now.val() + self.raw_bytes.val();
            self.element_done.next = (self.part.q.val() + 1 == self.raw_parts.val()).into();
        }
        self.gap.next = self.beat_bytes.val() - self.end.val();
        self.run_done.next = self.element_last.val() & self.element_done.val();
        self.beat_done.next = (self.run_done.val().any() || self.end.val() == self.beat_bytes.val()).into();
        self.burst_done.next = (self.run_done.val().any()
            || (self.beat_now.val() & self.burst_mask.val()) == self.burst_mask.val())
        .into();
        self.step.next = (self.run_valid.val().any()
            && self.element_valid.val().any()
            && (!self.beat_done.val().any() || (self.beat_ready.val().any() && self.burst_ready.val().any())))
        .into();
        self.element_ready.next = self.step.val() & self.element_done.val();
        self.run_ready.next = self.step.val() & self.run_done.val();
        self.beat_valid.next = self.step.val() & self.beat_done.val();
        self.beat_data.next = self.joined.val() >> (self.gap.val() << 3);
        self.beat_strobe.next = self.joined_strobe.val() >> self.gap.val();
        self.burst_valid.next = self.step.val() & self.beat_done.val() & self.burst_done.val();
        self.burst_address.next = (self.beat_now.val() - self.beats.q.val()) << self.beat_shift.val();
        self.burst_beats_m1.next = self.beats.q.val();

        if self.step.val().any() {
            if self.run_raw.val().any() {
                self.bytes.next = self.raw_bytes.val();
            } else {
                self.bytes.next = self.word_bytes.val();
            }
            self.fresh.d.next = self.run_done.val();
            self.part.d.next = !self.element_done.val();
            self.data.d.next = self.joined.val();
            if self.beat_done.val().any() {
                self.strobe.d.next = 0.into();
                self.offset.d.next = 0.into();
                self.beat.d.next = self.beat_now.val() + 1;
                if self.burst_done.val().any() {
                    self.beats.d.next = 0.into();
                } else {
                    self.beats.d.next = self.beats.q.val() + 1;
                }
            } else {
                self.strobe.d.next = self.joined_strobe.val();
                self.offset.d.next = self.end.val();
                self.beat.d.next = self.beat_now.val();
            }
        }
    }
}
