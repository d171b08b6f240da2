//! Accesses by how reuse is split over four levels of storage (ISCA 2016, section VI-C, equations 3 and 4).
//!
//! A value that is used `a·b·c·d` times is read `a` times from DRAM; each of these is read `b` times from the global buffer, each of those goes to
//! `c` PEs, and each PE uses it `d` times from its register file. Factors of a layer are means over its values, so they need not be whole.

use crate::mapper::energy::{ARRAY, DRAM, GLB, RF};

/// A number for each level of storage: accesses, or their energy.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Levels {
    pub dram: f64,
    pub buffer: f64,
    pub array: f64,
    pub rf: f64,
}

impl Levels {
    /// Energy of these accesses, in MACs.
    pub fn energy(&self) -> Levels {
        Levels { dram: DRAM * self.dram, buffer: GLB * self.buffer, array: ARRAY * self.array, rf: RF * self.rf }
    }

    /// Of all levels.
    pub fn total(&self) -> f64 {
        self.dram + self.buffer + self.array + self.rf
    }
}

/// Reuse at DRAM, buffer, array and register file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reuse {
    pub a: f64,
    pub b: f64,
    pub c: f64,
    pub d: f64,
}

/// An ifmap or a filter on its way to the MACs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Input {
    /// Words of the tensor.
    pub values: f64,
    pub reuse: Reuse,
    /// Whether it is kept in the buffer; it goes past it where it is not read twice.
    pub in_buffer: bool,
    /// Whether the array's network brings it to PEs.
    pub in_array: bool,
    /// Whether PEs keep it.
    pub in_rf: bool,
}

/// Reads of an input tensor at each level.
#[derive(Clone, Copy, Debug)]
pub struct Reads {
    /// Words of the tensor.
    pub values: f64,
    pub dram: f64,
    /// None if it goes past the buffer.
    pub buffer: Option<f64>,
    /// Words that PEs are given by the network; none if there is none.
    pub array: Option<f64>,
    /// Uses by MACs.
    pub macs: f64,
}

impl Reads {
    /// The split of reuse that makes these reads; `in_rf` says whether PEs keep the words.
    pub fn split(self, in_rf: bool) -> Input {
        let from_buffer = self.buffer.unwrap_or(self.dram);
        let to_pes = self.array.unwrap_or(from_buffer);
        let reuse = Reuse {
            a: self.dram / self.values,
            b: from_buffer / self.dram,
            c: to_pes / from_buffer,
            d: self.macs / to_pes,
        };
        let (in_buffer, in_array) = (self.buffer.is_some(), self.array.is_some());
        Input { values: self.values, reuse, in_buffer, in_array, in_rf }
    }
}

impl Input {
    /// Accesses: `a`, `a·b`, `a·b·c` and `a·b·c·d` for each value at the levels that it uses.
    pub fn accesses(&self) -> Levels {
        let Reuse { a, b, c, d } = self.reuse;
        let at = |used: bool, accesses: f64| if used { self.values * accesses } else { 0.0 };
        Levels {
            dram: self.values * a,
            buffer: at(self.in_buffer, a * b),
            array: at(self.in_array, a * b * c),
            rf: at(self.in_rf, a * b * c * d),
        }
    }
}

/// Psums, each of which takes `a·b·c·d` additions: in register files `d`, over PEs `c`, through the buffer `b`, through DRAM `a`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Psums {
    /// Words of the ofmap.
    pub values: f64,
    pub reuse: Reuse,
}

impl Psums {
    /// Psums that never leave the chip: of `additions` each, `from_array` sums leave the array, and `from_pes` leave a PE.
    pub fn on_chip(values: f64, additions: f64, from_pes: f64, from_array: f64) -> Psums {
        Psums { values, reuse: Reuse { a: 1.0, b: from_array, c: from_pes / from_array, d: additions / from_pes } }
    }

    /// Accesses: `2a − 1`, `2a(b − 1)`, `ab(c − 1)` and `2abc(d − 1)` for each value, as a sum is read and written but where it
    /// begins or moves on.
    pub fn accesses(&self) -> Levels {
        let Reuse { a, b, c, d } = self.reuse;
        let all = |accesses: f64| self.values * accesses;
        Levels {
            dram: all(2.0 * a - 1.0),
            buffer: all(2.0 * a * (b - 1.0)),
            array: all(a * b * (c - 1.0)),
            rf: all(2.0 * a * b * c * (d - 1.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_used_24_times_costs_what_the_equation_says() {
        // Once from DRAM, twice from the buffer, to three PEs, four times from each.
        let reads = Reads { values: 10.0, dram: 10.0, buffer: Some(20.0), array: Some(60.0), macs: 240.0 };
        let input = reads.split(true);
        assert_eq!(input.reuse, Reuse { a: 1.0, b: 2.0, c: 3.0, d: 4.0 });
        assert_eq!(input.accesses(), Levels { dram: 10.0, buffer: 20.0, array: 60.0, rf: 240.0 });
        assert_eq!(input.accesses().energy().total(), 10.0 * (200.0 + 2.0 * 6.0 + 6.0 * 2.0 + 24.0));
    }

    #[test]
    fn what_goes_past_a_level_costs_nothing_there() {
        let reads = Reads { values: 10.0, dram: 30.0, buffer: None, array: Some(240.0), macs: 240.0 };
        assert_eq!(reads.split(false).accesses(), Levels { dram: 30.0, buffer: 0.0, array: 240.0, rf: 0.0 });
        let direct = Reads { values: 10.0, dram: 10.0, buffer: Some(240.0), array: None, macs: 240.0 };
        assert_eq!(direct.split(false).accesses(), Levels { dram: 10.0, buffer: 240.0, array: 0.0, rf: 0.0 });
    }

    #[test]
    fn psums_of_36_additions_cost_what_the_equation_says() {
        // 36 products: 4 in each PE, 3 PEs, 3 times through the array.
        let psums = Psums::on_chip(10.0, 36.0, 9.0, 3.0);
        assert_eq!(psums.reuse, Reuse { a: 1.0, b: 3.0, c: 3.0, d: 4.0 });
        assert_eq!(psums.accesses(), Levels { dram: 10.0, buffer: 40.0, array: 60.0, rf: 540.0 });
        // The same through DRAM twice.
        let spilled = Psums { values: 10.0, reuse: Reuse { a: 2.0, b: 2.0, c: 3.0, d: 3.0 } };
        assert_eq!(spilled.accesses(), Levels { dram: 30.0, buffer: 40.0, array: 80.0, rf: 480.0 });
    }
}
