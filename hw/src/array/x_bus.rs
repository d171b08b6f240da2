use super::row_buffer::{MulticastIn, RowBuffer};
use super::wires;
use crate::rtl::prelude::*;

/// A row's bus of a multicast network, with one multicast controller a PE (JSSC 2017, section V-C).
///
/// A word moves to every listening PE whose ID equals the lower bits of the word's tag, in one cycle, when all of them are
/// ready; a word for no PE is dropped. Latency: 1 cycle from the Y-bus; a word a cycle.
#[derive(LogicBlock)]
pub struct XBus {
    pub clock: Wire<In, Clk>,
    pub y_bus: MulticastIn,
    // Multicast controllers
    pub listens: Vec<Wire<In>>,
    pub id: Vec<Wire<In>>,
    pub pe_ready: Vec<Wire<In>>,
    /// Raised only for a PE that is ready.
    pub pe_put: Vec<Wire<Out>>,
    // What all PEs see
    pub tag: Wire<Out>,
    pub word: Wire<Out>,
    /// PEs that take the word in this cycle.
    pub takers: Wire<Out>,
    buffer: RowBuffer,
    hit: Vec<Wire<Local>>,
    hits: Wire<Local>,
    all_ready: Wire<Local>,
    pes: Const,
    id_bits: Const,
}

impl XBus {
    /// A bus to `pes` PEs with IDs of `id_bits` bits, the lower part of a tag.
    pub fn new(pes: usize, id_bits: usize, tag_bits: usize, word_bits: usize) -> Self {
        XBus {
            clock: Default::default(),
            y_bus: MulticastIn::new(tag_bits, word_bits),
            listens: wires(pes, 1, false),
            id: wires(pes, id_bits, false),
            pe_ready: wires(pes, 1, false),
            pe_put: wires(pes, 1, false),
            tag: Wire::unsigned(tag_bits),
            word: Wire::unsigned(word_bits),
            takers: Wire::unsigned(count_bits(pes)),
            buffer: RowBuffer::new(tag_bits, word_bits),
            hit: wires(pes, 1, false),
            hits: Wire::unsigned(count_bits(pes)),
            all_ready: Wire::bit(),
            pes: Const::new(pes),
            id_bits: Const::new(id_bits),
        }
    }
}

impl Logic for XBus {
    describe!("x_bus", "Multicast to the PEs of a row whose ID matches, when all of them are ready.");

    #[hdl_gen]
    fn update(&mut self) {
        self.buffer.clock.next = self.clock.val();
        MulticastIn::link(&mut self.y_bus, &mut self.buffer.y_bus);
        self.tag.next = self.buffer.tag.val();
        self.word.next = self.buffer.word.val();

        self.all_ready.next = 1.into();
        for i in 0..self.pes.index() {
            self.hit[i].next = 0.into();
        }
        if self.buffer.valid.val().any() {
            for i in 0..self.pes.index() {
                self.hit[i].next = (self.listens[i].val().any()
                    && self.id[i].val() == bit_cast(self.buffer.tag.val(), self.id_bits.index()))
                .into();
                if self.hit[i].val().any() && !self.pe_ready[i].val().any() {
                    self.all_ready.next = 0.into();
                }
            }
        }
        for i in 0..self.pes.index() {
            self.pe_put[i].next = self.hit[i].val() & self.all_ready.val();
        }
        self.buffer.take.next = self.buffer.valid.val() & self.all_ready.val();
        self.hits.next = 0.into();
        for i in 0..self.pes.index() {
            self.hits.next = self.hits.val() + self.hit[i].val();
        }
        self.takers.next = 0.into();
        if self.all_ready.val().any() {
            self.takers.next = self.hits.val();
        }
    }
}
