use super::{Clk, Primitive, Wire, Word};
use rust_hdl::core::direction::{In, Out};
use rust_hdl::core::prelude::{Block, Logic, Probe, Verilog};

/// A register whose `d` belongs to another clock: the first flip-flop of a [`Synchronizer`](super::Synchronizer).
///
/// A bit that changes as it is sampled ends at either value. rust-hdl's simulator shows it: of the last change of `d` since
/// the edge before, each bit is taken or not, at random. So a value of which several bits change at a time is seen as one that
/// it never had, as on a chip. In Verilog it is a register with the attribute `ASYNC_REG`.
#[derive(Clone, Debug)]
pub struct Sample {
    pub clock: Wire<In, Clk>,
    pub d: Wire<In>,
    pub q: Wire<Out>,
    now: Word,
    before: Word,
    /// `d` has changed since the last edge.
    fresh: bool,
    rises: u32,
    random: u64,
}

impl Sample {
    /// Of `bits` bits, which reset to 0.
    pub fn new(bits: usize) -> Self {
        let zero = Word::new(0, bits, false);
        Sample {
            clock: Default::default(),
            d: Wire::unsigned(bits),
            q: Wire::unsigned(bits),
            now: zero,
            before: zero,
            fresh: false,
            rises: 0,
            random: 0x9e37_79b9_7f4a_7c15,
        }
    }

    /// Random bits (xorshift; Marsaglia 2003).
    fn coins(&mut self) -> u128 {
        let mut x = self.random;
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        self.random = x;
        let word = x.wrapping_mul(0x2545_f491_4f6c_dd1d);
        (word as u128) << 64 | (word.rotate_left(32) as u128)
    }

    fn sampled(&mut self) -> Word {
        if !std::mem::take(&mut self.fresh) {
            return self.now;
        }
        let (now, changed) = (self.now.raw(), self.now.raw() ^ self.before.raw());
        Word::new((now ^ (changed & self.coins())) as i128, self.now.bits(), false)
    }
}

impl Logic for Sample {
    fn update(&mut self) {}
    fn connect(&mut self) {
        self.q.connect();
    }
    fn hdl(&self) -> Verilog {
        Primitive::Reg { reset: Some(0), synchronizer: true }.to_hdl()
    }
}

impl Block for Sample {
    fn connect_all(&mut self) {
        self.connect();
    }

    fn update_all(&mut self) {
        let clock = self.clock.next;
        if clock.rises() != self.rises {
            self.rises = clock.rises();
            let sampled = self.sampled();
            self.q.next = if clock.rst { Word::new(0, sampled.bits(), false) } else { sampled };
        }
        let d = self.d.val();
        if d != self.now {
            (self.before, self.now, self.fresh) = (self.now, d, true);
        }
        self.q.update_all();
    }

    fn has_changed(&self) -> bool {
        self.q.has_changed()
    }

    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        probe.visit_start_scope(name, self);
        self.clock.accept("clock", probe);
        self.d.accept("d", probe);
        self.q.accept("q", probe);
        probe.visit_end_scope(name, self);
    }
}
