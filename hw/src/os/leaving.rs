use crate::matrix::control;
use crate::rtl::prelude::*;
use crate::Arch;

/// Sends what belongs to the psums that leave the array, one for each row, ahead of them to the accumulators.
///
/// A position whose last step is sent in cycle c (`last`) has its control in cycles c + 5 (row 0) to c + 4 + `rows`, with the bits of [`control`]. Positions are at least
/// `rows` cycles apart.
#[derive(LogicBlock)]
pub struct OsLeaving {
    pub clock: Wire<In, Clk>,
    pub last: Wire<In>,
    pub rows: Wire<In>,
    pub swap: Wire<In>,
    pub fresh: Wire<In>,
    pub half: Wire<In>,
    pub ends: Wire<In>,
    pub frees: Wire<In>,
    pub beside: Wire<In>,
    pub control_out: Wire<Out>,
    /// Psums that move up a row beside the one that leaves.
    pub moves: Wire<Out>,
    /// Positions on their way: control, and rows above it.
    delay: Vec<Reg>,
    control: Reg,
    /// Rows that are to come, and what their position is.
    left: Reg,
    common: Reg,
    bits: Wire<Local>,
    arrived: Wire<Local>,
    arrived_rows: Wire<Local>,
    delays: Const,
    width: Const,
    swap_bit: Const,
    fresh_bit: Const,
    half_bit: Const,
    end_bit: Const,
    free_bit: Const,
    beside_bit: Const,
    below: Const,
    /// The bits of a position that are for its first row, for any other, and for its last.
    of_first: Const,
    of_others: Const,
    of_last: Const,
}

/// Cycles from a position's last step to its psums' control, less one.
const DELAY: usize = 4;

impl OsLeaving {
    /// For this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (count, bits) = (count_bits(arch.rows), control::bits(arch));
        let mask = |bits: &[usize]| Const::new(bits.iter().map(|bit| 1 << bit).sum());
        OsLeaving {
            clock: Default::default(),
            last: Wire::bit(),
            rows: Wire::unsigned(count),
            swap: Wire::bit(),
            fresh: Wire::bit(),
            half: Wire::bit(),
            ends: Wire::bit(),
            frees: Wire::bit(),
            beside: Wire::bit(),
            control_out: Wire::unsigned(bits),
            moves: Wire::unsigned(count),
            delay: (0..DELAY).map(|_| Reg::unsigned(bits + count)).collect(),
            control: Reg::unsigned(bits),
            left: Reg::unsigned(count),
            common: Reg::unsigned(bits),
            bits: Wire::unsigned(bits),
            arrived: Wire::unsigned(bits),
            arrived_rows: Wire::unsigned(count),
            delays: Const::new(DELAY),
            width: Const::new(bits),
            swap_bit: Const::new(control::SWAP),
            fresh_bit: Const::new(control::FRESH),
            half_bit: Const::new(control::HALF),
            end_bit: Const::new(control::END),
            free_bit: Const::new(control::FREE),
            beside_bit: Const::new(control::BESIDE),
            below: mask(&[control::BELOW]),
            of_first: mask(&[control::RUN, control::SWAP, control::FRESH, control::HALF, control::BESIDE]),
            of_others: mask(&[control::RUN, control::FRESH, control::HALF]),
            of_last: mask(&[control::END, control::FREE]),
        }
    }
}

impl Logic for OsLeaving {
    describe!("os_leaving", "What belongs to psums that leave the array, a row a cycle.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, control, left, common);
        self.bits.next = self.last.val()
            | (self.swap.val() << self.swap_bit.val())
            | (self.fresh.val() << self.fresh_bit.val())
            | (self.half.val() << self.half_bit.val())
            | (self.ends.val() << self.end_bit.val())
            | (self.frees.val() << self.free_bit.val())
            | (self.beside.val() << self.beside_bit.val());
        self.delay[0].d.next = (self.rows.val() << self.width.val()) | self.bits.val();
        for i in 1..self.delays.index() {
            self.delay[i].d.next = self.delay[i - 1].q.val();
        }
        for i in 0..self.delays.index() {
            self.delay[i].clock.next = self.clock.val();
        }
        self.arrived.next = self.delay[self.delays.index() - 1].q.val();
        self.arrived_rows.next = self.delay[self.delays.index() - 1].q.val() >> self.width.val();

        // Row 0, then the others
        self.control.d.next = 0.into();
        if self.arrived.val().get_bit(0) {
            self.common.d.next = self.arrived.val();
            self.left.d.next = self.arrived_rows.val() - 1;
            self.control.d.next = self.arrived.val() & self.of_first.val();
            if self.arrived_rows.val() == 1 {
                self.control.d.next = self.arrived.val() & (self.of_first.val() | self.of_last.val());
            }
        } else if self.left.q.val().any() {
            self.left.d.next = self.left.q.val() - 1;
            self.control.d.next = (self.common.q.val() & self.of_others.val()) | self.below.val();
            if self.left.q.val() == 1 {
                self.control.d.next =
                    (self.common.q.val() & (self.of_others.val() | self.of_last.val())) | self.below.val();
            }
        }
        self.control_out.next = self.control.q.val();
        self.moves.next = self.left.q.val();
    }
}
