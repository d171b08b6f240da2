use super::control;
use crate::rtl::prelude::*;
use crate::Arch;

/// The accumulator of a column: two halves of psums, one that is added to, one that is drained.
///
/// A position that comes in cycle c (with its half, and whether its psum starts at 0) is for this column, and in c + 1 for the next one.
/// The column's psum for it is `psum_in` in cycle c + 3; the sum is in the memory from cycle c + 5 on. The old psum is read in c + 1: a psum may be
/// added to again every 4 cycles. A drain reads a psum of the other half: `drain_word` one cycle later, otherwise 0.
#[derive(LogicBlock)]
pub struct MatrixAccumulator {
    pub clock: Wire<In, Clk>,
    // Positions; bits as in [`control`]
    pub control_in: Wire<In>,
    pub place_in: Wire<In>,
    pub control_out: Wire<Out>,
    pub place_out: Wire<Out>,
    pub psum_in: Wire<In>,
    /// The last psum before a drain is being written.
    pub ended: Wire<Out>,
    // Drain
    pub drain_read: Wire<In>,
    pub drain_half: Wire<In>,
    pub drain_place: Wire<In>,
    pub drain_word: Wire<Out>,
    memory: Vec<Sram>,
    control: Reg,
    place: Reg,
    // The position whose psum is read, added, written
    control_1: Reg,
    place_1: Reg,
    control_2: Reg,
    place_2: Reg,
    control_3: Reg,
    place_3: Reg,
    old: Reg,
    sum: Reg,
    drain_due: Reg,
    due_half: Reg,
    half_bit: Const,
    fresh_bit: Const,
    end_bit: Const,
}

impl MatrixAccumulator {
    /// The accumulator of a column of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let place = address_bits(arch.accumulators);
        MatrixAccumulator {
            clock: Default::default(),
            control_in: Wire::unsigned(control::BITS),
            place_in: Wire::unsigned(place),
            control_out: Wire::unsigned(control::BITS),
            place_out: Wire::unsigned(place),
            psum_in: Wire::signed(arch.psum_width),
            ended: Wire::bit(),
            drain_read: Wire::bit(),
            drain_half: Wire::bit(),
            drain_place: Wire::unsigned(place),
            drain_word: Wire::signed(arch.psum_width),
            memory: (0..2).map(|_| Sram::new(arch.accumulators, arch.psum_width, true)).collect(),
            control: Reg::unsigned(control::BITS),
            place: Reg::data(place, false),
            control_1: Reg::unsigned(control::BITS),
            place_1: Reg::data(place, false),
            control_2: Reg::unsigned(control::BITS),
            place_2: Reg::data(place, false),
            control_3: Reg::unsigned(control::BITS),
            place_3: Reg::data(place, false),
            old: Reg::data(arch.psum_width, true),
            sum: Reg::data(arch.psum_width, true),
            drain_due: Reg::bit(),
            due_half: Reg::bit(),
            half_bit: Const::new(control::HALF),
            fresh_bit: Const::new(control::FRESH),
            end_bit: Const::new(control::END),
        }
    }
}

impl Logic for MatrixAccumulator {
    describe!("matrix_accumulator", "Accumulator of a column: two halves of psums, one added to, one drained.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, control, place, control_1, place_1, control_2, place_2, control_3, place_3);
        dff_setup!(self, clock, old, sum, drain_due, due_half);
        self.control.d.next = self.control_in.val();
        self.place.d.next = self.place_in.val();
        self.control_out.next = self.control.q.val();
        self.place_out.next = self.place.q.val();
        self.control_1.d.next = self.control.q.val();
        self.place_1.d.next = self.place.q.val();
        self.control_2.d.next = self.control_1.q.val();
        self.place_2.d.next = self.place_1.q.val();
        self.control_3.d.next = self.control_2.q.val();
        self.place_3.d.next = self.place_2.q.val();

        // The old psum is read, the new one written; a drain reads the other half
        for h in 0..2 {
            self.memory[h].clock.next = self.clock.val();
            self.memory[h].read.next = (self.control.q.val().get_bit(0)
                && bit_cast(self.control.q.val() >> self.half_bit.val(), 1) == h)
                .into();
            self.memory[h].read_address.next = self.place.q.val();
            if self.drain_read.val().any() && self.drain_half.val() == h {
                self.memory[h].read.next = true.into();
                self.memory[h].read_address.next = self.drain_place.val();
            }
            self.memory[h].write.next = (self.control_3.q.val().get_bit(0)
                && bit_cast(self.control_3.q.val() >> self.half_bit.val(), 1) == h)
                .into();
            self.memory[h].write_address.next = self.place_3.q.val();
            self.memory[h].write_data.next = self.sum.q.val();
        }
        self.old.d.next = self.memory[0].read_data.val();
        if self.control_1.q.val().get_bit(self.half_bit.val()) {
            self.old.d.next = self.memory[1].read_data.val();
        }
        if self.control_1.q.val().get_bit(self.fresh_bit.val()) {
            self.old.d.next = 0.into();
        }
        self.sum.d.next = self.old.q.val() + self.psum_in.val();
        self.ended.next =
            (self.control_3.q.val().get_bit(0) && self.control_3.q.val().get_bit(self.end_bit.val())).into();

        // What was read for the drain
        self.drain_due.d.next = self.drain_read.val();
        self.due_half.d.next = self.drain_half.val();
        self.drain_word.next = 0.into();
        if self.drain_due.q.val().any() {
            self.drain_word.next = self.memory[0].read_data.val();
            if self.due_half.q.val().any() {
                self.drain_word.next = self.memory[1].read_data.val();
            }
        }
    }
}
