use std::ops::Not;

/// A clock and its synchronous reset, which travel together as one field named `clock`.
///
/// In Verilog it is two ports, `clk` and `rst`. A rising edge is seen as a change of the edge count, so a simulator that
/// has no use for the falling edge calls [`Clk::rise`] once a cycle; one that has, toggles it with `!`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clk {
    /// The level of the clock.
    pub clk: bool,
    /// Synchronous reset, active high.
    pub rst: bool,
    rises: u32,
}

impl Clk {
    /// The name of this type in rust-hdl's descriptor of a signal.
    pub const TYPE_NAME: &'static str = "clock_and_reset";

    /// How often the clock has risen; a register that sees another number than before sees an edge.
    #[inline]
    pub fn rises(&self) -> u32 {
        self.rises
    }

    /// The clock after its next rising edge, with the reset as given.
    #[inline]
    pub fn rise(self, rst: bool) -> Clk {
        Clk { clk: true, rst, rises: self.rises.wrapping_add(1) }
    }

    /// The clock when low, with the reset as given.
    #[inline]
    pub fn fall(self, rst: bool) -> Clk {
        Clk { clk: false, rst, rises: self.rises }
    }
}

impl Not for Clk {
    type Output = Clk;
    fn not(self) -> Clk {
        if self.clk {
            self.fall(self.rst)
        } else {
            self.rise(self.rst)
        }
    }
}
