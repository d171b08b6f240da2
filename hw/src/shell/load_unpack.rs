use super::rlc_decoder::RlcDecoder;
use crate::arch::LANES;
use crate::rtl::prelude::*;
use crate::Arch;

/// Cuts read beats into words, or decodes them, and writes up to four words a cycle to their lanes of the global buffer.
///
/// A beat belongs to the run at the head, or to the slot whose runs are at the head or still to come; see [`RlcDecoder`].
/// A beat is taken in groups of G = min(4, words of a beat); a group whose words all lie outside the run is not visited
/// at the run's ends. Word i of a group that begins at buffer word w goes to lane (w + i) mod 4, line (w + i) / 4. A run is taken up
/// as the one before ends, at least a cycle before its first beat comes. A write appears 1 cycle after its beat; `posted` is high with
/// the last write of a run that has `post`.
#[derive(LogicBlock)]
pub struct LoadUnpack {
    pub clock: Wire<In, Clk>,
    // The run whose beats come next
    pub run_valid: Wire<In>,
    pub run_ready: Wire<Out>,
    pub skip: Wire<In>,
    pub elements_m1: Wire<In>,
    pub word: Wire<In>,
    pub post: Wire<In>,
    /// The run is part of a slot; its last.
    pub run_rlc: Wire<In>,
    pub run_last: Wire<In>,
    // The slot that is to come
    pub length_valid: Wire<Out>,
    pub length: Wire<Out>,
    pub go: Wire<In>,
    pub go_masks: Optional<Wire<In>>,
    // Beats
    pub read_valid: Wire<In>,
    pub read_ready: Wire<Out>,
    pub read_data: Wire<In>,
    // The global buffer
    pub load_write: Vec<Wire<Out>>,
    pub load_line: Vec<Wire<Out>>,
    pub load_word: Vec<Wire<Out>>,
    pub posted: Wire<Out>,
    pub idle: Wire<Out>,
    // Codes
    pub decoded: Wire<Out>,
    pub failed: Wire<Out>,
    decoder: RlcDecoder,
    // The run that is worked on: what it is; the group in its beat, words before the run in the group, words left with these, and where
    // the group begins in the buffer
    busy: Reg,
    is_slot: Reg,
    is_last: Reg,
    posts: Reg,
    group: Reg,
    before: Reg,
    left: Reg,
    place: Reg,
    // Words on their way to the buffer
    element: Vec<Reg>,
    mask: Reg,
    target: Reg,
    post_seen: Reg,
    first: Wire<Local>,
    beat_end: Wire<Local>,
    /// The run's words fit into a group; the group is the run's last.
    few: Wire<Local>,
    last: Wire<Local>,
    step: Wire<Local>,
    done: Wire<Local>,
    /// The beat belongs to no slot.
    is_plain: Wire<Local>,
    /// Words of the group, and those that are the run's.
    amount: Wire<Local>,
    count: Wire<Local>,
    hidden: Wire<Local>,
    from_first: Wire<Local>,
    to_last: Wire<Local>,
    chunk: Wire<Local>,
    rotation: Wire<Local>,
    line: Wire<Local>,
    lane_mask: Wire<Local>,
    half: Vec<Wire<Local>>,
    size: Const,
    size_bits: Const,
    full: Const,
    lanes: Const,
    groups: Const,
    chunk_offset: Vec<Const>,
    element_offset: Vec<Const>,
    has_masks: Const,
}

impl LoadUnpack {
    /// For the link and the words of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let elements = arch.link_bytes() / arch.word_bytes();
        let size = elements.min(LANES);
        let groups = elements / size;
        let word_bits = 8 * arch.word_bytes();
        let lanes = |bits| (0..LANES).map(|_| Wire::unsigned(bits)).collect();
        LoadUnpack {
            clock: Default::default(),
            run_valid: Wire::bit(),
            run_ready: Wire::bit(),
            skip: Wire::unsigned(address_bits(elements)),
            elements_m1: Wire::unsigned(32),
            word: Wire::unsigned(arch.word_address_bits()),
            post: Wire::bit(),
            run_rlc: Wire::bit(),
            run_last: Wire::bit(),
            length_valid: Wire::bit(),
            length: Wire::unsigned(32),
            go: Wire::bit(),
            go_masks: Optional::new(arch.masks, Wire::bit()),
            read_valid: Wire::bit(),
            read_ready: Wire::bit(),
            read_data: Wire::unsigned(arch.link_width),
            load_write: (0..LANES).map(|_| Wire::bit()).collect(),
            load_line: (0..LANES).map(|_| Wire::unsigned(arch.line_bits())).collect(),
            load_word: (0..LANES).map(|_| Wire::signed(arch.width)).collect(),
            posted: Wire::bit(),
            idle: Wire::bit(),
            decoded: Wire::bit(),
            failed: Wire::bit(),
            decoder: RlcDecoder::new(arch),
            busy: Reg::bit(),
            is_slot: Reg::bit(),
            is_last: Reg::bit(),
            posts: Reg::bit(),
            group: Reg::unsigned(address_bits(groups)),
            before: Reg::unsigned(2),
            left: Reg::data(34, false),
            place: Reg::data(arch.word_address_bits(), false),
            element: (0..LANES).map(|_| Reg::data(arch.width, false)).collect(),
            mask: Reg::unsigned(LANES),
            target: Reg::data(arch.word_address_bits(), false),
            post_seen: Reg::bit(),
            first: Wire::unsigned(2),
            beat_end: Wire::bit(),
            few: Wire::bit(),
            last: Wire::bit(),
            step: Wire::bit(),
            done: Wire::bit(),
            is_plain: Wire::bit(),
            amount: Wire::unsigned(3),
            count: Wire::unsigned(3),
            hidden: Wire::unsigned(3),
            from_first: Wire::unsigned(LANES),
            to_last: Wire::unsigned(LANES),
            chunk: Wire::unsigned(size * word_bits),
            rotation: Wire::unsigned(2),
            line: Wire::unsigned(arch.line_bits()),
            lane_mask: Wire::unsigned(LANES),
            half: lanes(arch.width),
            size: Const::new(size),
            size_bits: Const::new(size.ilog2() as usize),
            full: Const::new((1 << LANES) - 1),
            lanes: Const::new(LANES),
            groups: Const::new(groups),
            chunk_offset: (0..groups).map(|i| Const::new(i * size * word_bits)).collect(),
            element_offset: (0..size).map(|i| Const::new(i * word_bits)).collect(),
            has_masks: Const::new(arch.masks as usize),
        }
    }
}

impl Logic for LoadUnpack {
    describe!(
        "load_unpack",
        "Cuts read beats into words, or decodes them; writes up to four a cycle to the lanes of the global buffer."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, busy, is_slot, is_last, posts, group, before, left, place, mask, target, post_seen);

        self.is_plain.next = (self.busy.q.val().any() && !self.is_slot.q.val().any()).into();
        self.few.next = (self.left.q.val() <= self.size.val()).into();
        if self.is_plain.val().any() {
            self.amount.next = self.size.val();
            self.last.next = self.few.val();
        } else {
            self.amount.next = self.lanes.val();
            if self.decoder.rest.val() < 4 {
                self.amount.next = self.decoder.rest.val();
            }
            self.last.next = (self.left.q.val() <= 4 && self.left.q.val() <= self.decoder.rest.val()).into();
        }
        self.beat_end.next = (self.few.val().any() || self.group.q.val() + 1 == self.groups.val()).into();
        self.decoder.clock.next = self.clock.val();
        self.decoder.go.next = self.go.val();
        if self.has_masks.val().any() {
            self.decoder.go_masks.next = self.go_masks.val();
        }
        self.length_valid.next = self.decoder.length_valid.val();
        self.length.next = self.decoder.length.val();
        self.decoded.next = self.decoder.decoded.val();
        self.failed.next = self.decoder.failed.val();
        self.decoder.read_valid.next = (self.read_valid.val().any() && !self.is_plain.val().any()).into();
        self.decoder.read_data.next = self.read_data.val();
        if self.is_plain.val().any() {
            self.read_ready.next = self.beat_end.val();
            self.step.next = self.read_valid.val();
        } else {
            self.read_ready.next = self.decoder.read_ready.val();
            self.step.next = (self.busy.q.val().any() && self.decoder.rest.val().any()).into();
        }
        self.count.next = self.amount.val();
        if self.last.val().any() {
            self.count.next = self.left.q.val();
        }
        self.decoder.take.next = self.busy.q.val() & self.is_slot.q.val();
        self.decoder.cut.next = self.last.val();
        self.decoder.part.next = self.left.q.val();
        self.done.next = (self.step.val().any() && self.last.val().any()).into();
        self.decoder.finish.next =
            (self.done.val().any() && self.is_slot.q.val().any() && self.is_last.q.val().any()).into();
        self.run_ready.next = (!self.busy.q.val().any() || self.done.val().any()).into();
        self.first.next = self.skip.val() & (self.size.val() - 1);
        if self.run_ready.val().any() {
            self.busy.d.next = self.run_valid.val();
            self.is_slot.d.next = self.run_rlc.val();
            self.is_last.d.next = self.run_last.val();
            self.posts.d.next = self.post.val();
            self.group.d.next = self.skip.val() >> self.size_bits.val();
            self.before.d.next = self.first.val();
            self.left.d.next = self.elements_m1.val() + 1 + self.first.val();
            self.place.d.next = self.word.val() - self.first.val();
        } else if self.step.val().any() {
            self.before.d.next = 0.into();
            self.left.d.next = self.left.q.val() - self.amount.val();
            self.place.d.next = self.place.q.val() + self.amount.val();
            if self.beat_end.val().any() {
                self.group.d.next = 0.into();
            } else {
                self.group.d.next = self.group.q.val() + 1;
            }
        }

        // The group's words
        self.chunk.next = self.read_data.val();
        for i in 1..self.groups.index() {
            if self.group.q.val() == i {
                self.chunk.next = self.read_data.val() >> self.chunk_offset[i].val();
            }
        }
        for i in 0..4 {
            self.element[i].clock.next = self.clock.val();
            self.element[i].d.next = self.decoder.word[i].val();
        }
        if self.is_plain.val().any() {
            for i in 0..self.size.index() {
                self.element[i].d.next = self.chunk.val() >> self.element_offset[i].val();
            }
        }
        self.hidden.next = self.lanes.val() - self.count.val();
        self.from_first.next = self.full.val() << self.before.q.val();
        self.to_last.next = self.full.val() >> self.hidden.val();
        self.mask.d.next = 0.into();
        self.post_seen.d.next = 0.into();
        if self.step.val().any() {
            self.target.d.next = self.place.q.val();
            self.mask.d.next = self.from_first.val() & self.to_last.val();
            self.post_seen.d.next = self.last.val() & self.posts.q.val();
        }

        // Turned to their lanes
        self.rotation.next = self.target.q.val();
        self.line.next = self.target.q.val() >> 2;
        self.lane_mask.next =
            (self.mask.q.val() << self.rotation.val()) | ((self.mask.q.val() << self.rotation.val()) >> 4);
        for i in 0..4 {
            if self.rotation.val().get_bit(0) {
                self.half[i].next = self.element[(i + 3) % 4].q.val();
            } else {
                self.half[i].next = self.element[i].q.val();
            }
        }
        for i in 0..4 {
            if self.rotation.val().get_bit(1) {
                self.load_word[i].next = self.half[(i + 2) % 4].val();
            } else {
                self.load_word[i].next = self.half[i].val();
            }
            if self.rotation.val() > i {
                self.load_line[i].next = self.line.val() + 1;
            } else {
                self.load_line[i].next = self.line.val();
            }
            self.load_write[i].next = self.lane_mask.val().get_bit(i).into();
        }
        self.posted.next = self.post_seen.q.val();
        self.idle.next = (!self.run_valid.val().any() && !self.busy.q.val().any() && !self.mask.q.val().any()).into();
    }
}
