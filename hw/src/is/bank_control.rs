use crate::arch::{Arch, WINDOW_BITS};
use crate::rtl::prelude::*;

use crate::matrix::MatrixRotator;

/// Cycles from a step to its products.
const PRODUCTS: usize = 8;

/// Leads the place of a step's psums to the banks, beside its products, the same for all columns.
///
/// A step that comes in cycle c has its products in c + 8, with the rows that `add`. With `rotation` ρ, bank b gets the product of row (b + ρ) mod rows. Its psum is at `place`, or,
/// where this has gone around, one block of ofmap rows before: `windows` places. A bank that `reads` in c + 8 `writes` in c + 9; in that cycle its term is
/// there, and `ended` if the step was the last one before a drain (`ends`).
#[derive(LogicBlock)]
pub struct IsBankControl {
    pub clock: Wire<In, Clk>,
    pub windows_m1: Wire<In>,
    // Step
    pub rotation: Wire<In>,
    pub place: Wire<In>,
    pub half: Wire<In>,
    pub ends: Wire<In>,
    // With its products
    pub adds: Vec<Wire<In>>,
    pub turn: Wire<Out>,
    pub read_half: Wire<Out>,
    pub reads: Vec<Wire<Out>>,
    pub read_place: Vec<Wire<Out>>,
    // One cycle later
    pub write_half: Wire<Out>,
    pub writes: Vec<Wire<Out>>,
    pub write_place: Vec<Wire<Out>>,
    pub forwards: Vec<Wire<Out>>,
    pub ended: Wire<Out>,
    rotations: Vec<Reg>,
    places: Vec<Reg>,
    halves: Vec<Reg>,
    last: Vec<Reg>,
    rotator: MatrixRotator,
    bank_place: Vec<Reg>,
    written_half: Reg,
    written: Vec<Reg>,
    written_place: Vec<Reg>,
    forwarding: Vec<Reg>,
    has_ended: Reg,
    rows: Const,
    delays: Const,
    /// Cycles to the register before a bank's place.
    to_place: Const,
    /// For each bank, the least rotation that goes around.
    around: Vec<Const>,
}

impl IsBankControl {
    /// For this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (rows, place) = (arch.rows, address_bits(arch.bank_places()));
        let bits = |n: usize| (0..n).map(|_| Reg::bit()).collect::<Vec<_>>();
        let places = |n: usize| (0..n).map(|_| Reg::unsigned(place)).collect::<Vec<_>>();
        IsBankControl {
            clock: Default::default(),
            windows_m1: Wire::unsigned(WINDOW_BITS),
            rotation: Wire::unsigned(address_bits(rows)),
            place: Wire::unsigned(place),
            half: Wire::bit(),
            ends: Wire::bit(),
            adds: (0..rows).map(|_| Wire::bit()).collect(),
            turn: Wire::unsigned(address_bits(rows)),
            read_half: Wire::bit(),
            reads: (0..rows).map(|_| Wire::bit()).collect(),
            read_place: (0..rows).map(|_| Wire::unsigned(place)).collect(),
            write_half: Wire::bit(),
            writes: (0..rows).map(|_| Wire::bit()).collect(),
            write_place: (0..rows).map(|_| Wire::unsigned(place)).collect(),
            forwards: (0..rows).map(|_| Wire::bit()).collect(),
            ended: Wire::bit(),
            rotations: (0..PRODUCTS).map(|_| Reg::unsigned(address_bits(rows))).collect(),
            places: places(PRODUCTS - 1),
            halves: bits(PRODUCTS),
            last: bits(PRODUCTS),
            rotator: MatrixRotator::new(rows, 1, false),
            bank_place: places(rows),
            written_half: Reg::bit(),
            written: bits(rows),
            written_place: places(rows),
            forwarding: bits(rows),
            has_ended: Reg::bit(),
            rows: Const::new(rows),
            delays: Const::new(PRODUCTS),
            to_place: Const::new(PRODUCTS - 1),
            around: (0..rows).map(|b| Const::new(rows - b)).collect(),
        }
    }
}

impl Logic for IsBankControl {
    describe!("is_bank_control", "Leads the places of psums to the banks, beside their products.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, written_half, has_ended);
        self.rotations[0].d.next = self.rotation.val();
        self.places[0].d.next = self.place.val();
        self.halves[0].d.next = self.half.val();
        self.last[0].d.next = self.ends.val();
        for i in 1..self.delays.index() {
            self.rotations[i].d.next = self.rotations[i - 1].q.val();
            self.halves[i].d.next = self.halves[i - 1].q.val();
            self.last[i].d.next = self.last[i - 1].q.val();
        }
        for i in 1..self.to_place.index() {
            self.places[i].d.next = self.places[i - 1].q.val();
        }
        for i in 0..self.delays.index() {
            self.rotations[i].clock.next = self.clock.val();
            self.halves[i].clock.next = self.clock.val();
            self.last[i].clock.next = self.clock.val();
        }
        for i in 0..self.to_place.index() {
            self.places[i].clock.next = self.clock.val();
        }

        // What is read
        self.turn.next = self.rotations[self.delays.index() - 1].q.val();
        self.read_half.next = self.halves[self.delays.index() - 1].q.val();
        self.rotator.by.next = self.rotations[self.delays.index() - 1].q.val();
        for b in 0..self.rows.index() {
            self.rotator.word[b].next = self.adds[b].val();
            self.bank_place[b].clock.next = self.clock.val();
            self.bank_place[b].d.next = self.places[self.to_place.index() - 1].q.val();
            if self.rotations[self.to_place.index() - 1].q.val() >= self.around[b].val() {
                self.bank_place[b].d.next = self.places[self.to_place.index() - 1].q.val() - self.windows_m1.val() - 1;
            }
            self.reads[b].next = self.rotator.turned[b].val();
            self.read_place[b].next = self.bank_place[b].q.val();
        }

        // And written
        self.written_half.d.next = self.halves[self.delays.index() - 1].q.val();
        self.write_half.next = self.written_half.q.val();
        for b in 0..self.rows.index() {
            self.written[b].clock.next = self.clock.val();
            self.written_place[b].clock.next = self.clock.val();
            self.forwarding[b].clock.next = self.clock.val();
            self.written[b].d.next = self.rotator.turned[b].val();
            self.written_place[b].d.next = self.bank_place[b].q.val();
            self.forwarding[b].d.next = (self.written[b].q.val().any()
                && self.written_place[b].q.val() == self.bank_place[b].q.val()
                && self.written_half.q.val() == self.halves[self.delays.index() - 1].q.val())
            .into();
            self.writes[b].next = self.written[b].q.val();
            self.write_place[b].next = self.written_place[b].q.val();
            self.forwards[b].next = self.forwarding[b].q.val();
        }
        self.has_ended.d.next = self.last[self.delays.index() - 1].q.val();
        self.ended.next = self.has_ended.q.val();
    }
}
