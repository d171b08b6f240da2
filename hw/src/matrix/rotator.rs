use super::MatrixTurn;
use crate::rtl::prelude::*;

/// Turns a row of words around: `turned[b] = word[(b + by) mod words]`.
///
/// There is a turn for each bit of `by`, by 1, 2, 4, ... words. Latency: 0.
#[derive(LogicBlock)]
pub struct MatrixRotator {
    /// Less than the number of words.
    pub by: Wire<In>,
    pub word: Vec<Wire<In>>,
    pub turned: Vec<Wire<Out>>,
    turn: Vec<MatrixTurn>,
    words: Const,
    turns: Const,
}

impl MatrixRotator {
    /// A rotator of `words` words of `bits` bits.
    pub fn new(words: usize, bits: usize, signed: bool) -> Self {
        let turns = address_bits(words);
        MatrixRotator {
            by: Wire::unsigned(turns),
            word: (0..words).map(|_| Wire::of(bits, signed)).collect(),
            turned: (0..words).map(|_| Wire::of(bits, signed)).collect(),
            turn: (0..turns).map(|t| MatrixTurn::new(words, bits, signed, 1 << t)).collect(),
            words: Const::new(words),
            turns: Const::new(turns),
        }
    }
}

impl Logic for MatrixRotator {
    describe!("matrix_rotator", "Turns a row of words around.");

    #[hdl_gen]
    fn update(&mut self) {
        for t in 0..self.turns.index() {
            self.turn[t].turns.next = self.by.val() >> t;
        }
        for b in 0..self.words.index() {
            self.turn[0].word[b].next = self.word[b].val();
            for t in 1..self.turns.index() {
                self.turn[t].word[b].next = self.turn[t - 1].turned[b].val();
            }
            self.turned[b].next = self.turn[self.turns.index() - 1].turned[b].val();
        }
    }
}
