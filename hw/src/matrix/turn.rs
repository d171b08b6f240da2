use crate::rtl::prelude::*;

/// Turns a row of words around by a fixed distance, or leaves it as it is: `turned[b] = word[(b + distance) mod words]`, if it `turns`. Latency: 0.
#[derive(LogicBlock)]
pub struct MatrixTurn {
    pub turns: Wire<In>,
    pub word: Vec<Wire<In>>,
    pub turned: Vec<Wire<Out>>,
    distance: Const,
    words: Const,
}

impl MatrixTurn {
    /// A turn of `words` words of `bits` bits.
    pub fn new(words: usize, bits: usize, signed: bool, distance: usize) -> Self {
        MatrixTurn {
            turns: Wire::bit(),
            word: (0..words).map(|_| Wire::of(bits, signed)).collect(),
            turned: (0..words).map(|_| Wire::of(bits, signed)).collect(),
            distance: Const::new(distance),
            words: Const::new(words),
        }
    }
}

impl Logic for MatrixTurn {
    describe!("matrix_turn", "Turns a row of words around by a fixed distance, or not.");

    #[hdl_gen]
    fn update(&mut self) {
        for b in 0..self.words.index() {
            self.turned[b].next = self.word[b].val();
            if self.turns.val().any() {
                self.turned[b].next = self.word[(b + self.distance.index()) % self.words.index()].val();
            }
        }
    }
}
