use crate::rtl::prelude::*;
use crate::Arch;

/// A bank of a column's accumulators: two halves of psums, one that is added to, one that is drained.
///
/// A psum whose place comes with `read` in cycle c is added to in c + 1, with `write` and the `term` then: the sum is in the memory from c + 2 on. What is added
/// to the place of the cycle before (`forwards`, in c + 1) is added to the sum that is being written. A drain reads a psum of the other half: it is
/// `drain_word` one cycle later, otherwise 0, and its place, `drained_place` then, is cleared. With `clear` a place of both halves becomes 0.
#[derive(LogicBlock)]
pub struct IsBank {
    pub clock: Wire<In, Clk>,
    // The place that is read
    pub half: Wire<In>,
    pub read: Wire<In>,
    pub place: Wire<In>,
    // The one that was read in the cycle before
    pub write_half: Wire<In>,
    pub write: Wire<In>,
    pub write_place: Wire<In>,
    pub forwards: Wire<In>,
    pub term: Wire<In>,
    // Drain
    pub drain_read: Wire<In>,
    pub drain_half: Wire<In>,
    pub drain_place: Wire<In>,
    pub drained_place: Wire<In>,
    pub drain_word: Wire<Out>,
    pub clear: Wire<In>,
    pub clear_place: Wire<In>,
    memory: Vec<Sram>,
    written: Reg,
    old: Wire<Local>,
    sum: Wire<Local>,
    drain_due: Reg,
    due_half: Reg,
}

impl IsBank {
    /// A bank of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (p, places) = (arch.psum_width, arch.bank_places());
        let place = address_bits(places);
        IsBank {
            clock: Default::default(),
            half: Wire::bit(),
            read: Wire::bit(),
            place: Wire::unsigned(place),
            write_half: Wire::bit(),
            write: Wire::bit(),
            write_place: Wire::unsigned(place),
            forwards: Wire::bit(),
            term: Wire::signed(p),
            drain_read: Wire::bit(),
            drain_half: Wire::bit(),
            drain_place: Wire::unsigned(place),
            drained_place: Wire::unsigned(place),
            drain_word: Wire::signed(p),
            clear: Wire::bit(),
            clear_place: Wire::unsigned(place),
            memory: (0..2).map(|_| Sram::new(places, p, true)).collect(),
            written: Reg::data(p, true),
            old: Wire::signed(p),
            sum: Wire::signed(p),
            drain_due: Reg::bit(),
            due_half: Reg::bit(),
        }
    }
}

impl Logic for IsBank {
    describe!("is_bank", "Bank of a column's accumulators: two halves of psums, one added to, one drained.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, written, drain_due, due_half);
        self.old.next = self.memory[0].read_data.val();
        if self.write_half.val().any() {
            self.old.next = self.memory[1].read_data.val();
        }
        if self.forwards.val().any() {
            self.old.next = self.written.q.val();
        }
        self.sum.next = self.old.val() + self.term.val();
        if self.write.val().any() {
            self.written.d.next = self.sum.val();
        }
        for h in 0..2 {
            self.memory[h].clock.next = self.clock.val();
            self.memory[h].read.next = (self.read.val().any() && self.half.val() == h).into();
            self.memory[h].read_address.next = self.place.val();
            self.memory[h].write.next = (self.write.val().any() && self.write_half.val() == h).into();
            self.memory[h].write_address.next = self.write_place.val();
            self.memory[h].write_data.next = self.sum.val();
            if self.drain_read.val().any() && self.drain_half.val() == h {
                self.memory[h].read.next = true.into();
                self.memory[h].read_address.next = self.drain_place.val();
            }
            if self.drain_due.q.val().any() && self.due_half.q.val() == h {
                self.memory[h].write.next = true.into();
                self.memory[h].write_address.next = self.drained_place.val();
                self.memory[h].write_data.next = 0.into();
            }
            if self.clear.val().any() {
                self.memory[h].write.next = true.into();
                self.memory[h].write_address.next = self.clear_place.val();
                self.memory[h].write_data.next = 0.into();
            }
        }

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
