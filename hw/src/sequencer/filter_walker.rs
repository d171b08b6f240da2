use super::fields::filter_line_bits;
use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::rtl::prelude::*;
use crate::shell::wide_fifo::WideFifo;

/// Lines with tags that wait for the network.
const TAGGED: usize = 2;

/// Gives staged filter lines their tags and sends them to the array, without end.
///
/// A pass's worth of filters is for each line of a PE, each column tag x and each row tag y a line of four words; of the last line of a PE
/// only the upper `(filter_words - 1) mod 4 + 1` words count. `restart` begins a pass's worth anew. Throughput: a line a cycle. Latency: 1 cycle, of a queue
/// of two lines, so that the network's ready does not reach the staging.
#[derive(LogicBlock)]
pub struct FilterWalker {
    pub clock: Wire<In, Clk>,
    // Layer constants
    pub filter_words: Wire<In>,
    pub filter_lines_m1: Wire<In>,
    pub filter_x_m1: Wire<In>,
    pub filter_y_m1: Wire<In>,
    pub restart: Wire<In>,
    // Staged lines
    pub in_valid: Wire<In>,
    pub in_ready: Wire<Out>,
    pub in_word: Vec<Wire<In>>,
    // Network
    pub filter_valid: Wire<Out>,
    pub filter_ready: Wire<In>,
    pub filter_y: Wire<Out>,
    pub filter_x: Wire<Out>,
    /// Place of the first word that counts.
    pub filter_first: Wire<Out>,
    pub filter_word: Vec<Wire<Out>>,
    // The line to come
    line_count: Reg,
    x_count: Reg,
    y_count: Reg,
    /// Row tag, column tag, place of the first word, words.
    tagged: WideFifo,
    take: Wire<Local>,
    last_line: Wire<Local>,
}

impl FilterWalker {
    /// The walker of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (line, x, y) = (filter_line_bits(arch), arch.filter_x_bits(), arch.tag_y_bits());
        FilterWalker {
            clock: Default::default(),
            filter_words: Wire::unsigned(arch.filter_count_bits()),
            filter_lines_m1: Wire::unsigned(line),
            filter_x_m1: Wire::unsigned(x),
            filter_y_m1: Wire::unsigned(y),
            restart: Wire::bit(),
            in_valid: Wire::bit(),
            in_ready: Wire::bit(),
            in_word: (0..FILTER_BUS_WORDS).map(|_| Wire::signed(arch.width)).collect(),
            filter_valid: Wire::bit(),
            filter_ready: Wire::bit(),
            filter_y: Wire::unsigned(y),
            filter_x: Wire::unsigned(x),
            filter_first: Wire::unsigned(address_bits(FILTER_BUS_WORDS)),
            filter_word: (0..FILTER_BUS_WORDS).map(|_| Wire::signed(arch.width)).collect(),
            line_count: Reg::unsigned(line),
            x_count: Reg::unsigned(x),
            y_count: Reg::unsigned(y),
            tagged: WideFifo::new(TAGGED, &[&[y, x, 2][..], &[arch.width; FILTER_BUS_WORDS]].concat()),
            take: Wire::bit(),
            last_line: Wire::bit(),
        }
    }
}

impl Logic for FilterWalker {
    describe!("filter_walker", "Sends staged filter lines to the array with their tags.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, line_count, x_count, y_count);
        self.tagged.clock.next = self.clock.val() | self.restart.val();
        self.in_ready.next = self.tagged.enq_ready.val();
        self.take.next = self.in_valid.val() & self.tagged.enq_ready.val();
        self.last_line.next = (self.line_count.q.val() == self.filter_lines_m1.val()).into();

        self.tagged.enq_valid.next = self.in_valid.val();
        self.tagged.enq[0].next = self.y_count.q.val();
        self.tagged.enq[1].next = self.x_count.q.val();
        self.tagged.enq[2].next = 0.into();
        if self.last_line.val().any() {
            self.tagged.enq[2].next = -self.filter_words.val();
        }
        for i in 0..4 {
            self.tagged.enq[i + 3].next = self.in_word[i].val();
            self.filter_word[i].next = self.tagged.deq[i + 3].val();
        }
        self.filter_valid.next = self.tagged.deq_valid.val();
        self.filter_y.next = self.tagged.deq[0].val();
        self.filter_x.next = self.tagged.deq[1].val();
        self.filter_first.next = self.tagged.deq[2].val();
        self.tagged.deq_ready.next = self.filter_ready.val();

        if self.take.val().any() {
            self.y_count.d.next = self.y_count.q.val() + 1;
            if self.y_count.q.val() == self.filter_y_m1.val() {
                self.y_count.d.next = 0.into();
                self.x_count.d.next = self.x_count.q.val() + 1;
                if self.x_count.q.val() == self.filter_x_m1.val() {
                    self.x_count.d.next = 0.into();
                    self.line_count.d.next = self.line_count.q.val() + 1;
                    if self.last_line.val().any() {
                        self.line_count.d.next = 0.into();
                    }
                }
            }
        }
        if self.restart.val().any() {
            self.line_count.d.next = 0.into();
            self.x_count.d.next = 0.into();
            self.y_count.d.next = 0.into();
        }
    }
}
