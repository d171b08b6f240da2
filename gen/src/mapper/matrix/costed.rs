//! What a plan costs: a weight stays in its PE's register or is read from the weight buffer, activations and psums move from PE to PE or from multiplier to
//! adder, psums add up in their PEs, in an output-stationary array, and in the accumulators of the columns. In an input-stationary array an activation stays in its PE.

use super::super::costed::{bytes, Costed, Memories};
use super::super::energy::{Accesses, Words};
use super::super::predict::{matrix_cycles, EFFORT};
use super::super::{AnyMapping, Cost, Counts, Link};
use super::{cost, MatrixPlan};
use crate::shape::ConvShape;
use hw::arch::FILTER_BUS_WORDS;
use hw::{Arch, Dataflow};

impl Costed for MatrixPlan {
    fn shape(&self) -> &ConvShape {
        &self.shape
    }

    fn arch(&self) -> &Arch {
        &self.arch
    }

    fn mapping(&self) -> AnyMapping {
        self.mapping.into()
    }

    fn time(&self, link: &Link, ofmap_bytes: usize) -> Cost {
        let cost = self.quick_time(link, ofmap_bytes);
        Cost { cycles: matrix_cycles(self, link, ofmap_bytes, cost.cycles, EFFORT), ..cost }
    }

    fn quick_time(&self, link: &Link, ofmap_bytes: usize) -> Cost {
        cost::estimate(self, link, ofmap_bytes)
    }

    fn counts(&self, ofmap_bytes: usize) -> Counts {
        self.tally(ofmap_bytes)
    }

    /// The activation and the psum that a PE holds for a cycle are the way to the next PE, no storage. An accumulator is read and written once for
    /// each psum that comes down: the first addition reads nothing, the drain reads once.
    fn accesses(&self, counts: &Counts) -> Accesses {
        let arch = &self.arch;
        let cols = arch.cols as u64;
        let outside = Accesses::outside(counts, arch);
        if self.is_of_inputs() {
            // A word is read in its PE for each MAC, a weight broadcast to its column, a product scattered to its bank.
            let (words, steps) = self.words_and_steps();
            return Accesses {
                rf: Words { ifmap: counts.macs, ..Words::default() },
                array: Words { ifmap: words * cols, filter: steps * cols, psum: counts.macs },
                accumulators: 2 * counts.macs,
                glb: Words { filter: outside.glb.filter + steps * cols, ..outside.glb },
                ..outside
            };
        }
        let accumulations = cost::accumulated(self) * cols;
        let row_words = (self.row_lines() * FILTER_BUS_WORDS).min(arch.cols) as u64;
        if self.is_of_steps() {
            // A weight is broadcast to its column, or goes to its PE, a psum is read and written in its PE.
            let (steps, moves) = cost::steps_and_moves(self);
            let read = if self.is_of_planes() { steps } else { steps * cols };
            return Accesses {
                rf: Words { psum: 2 * counts.macs, ..Words::default() },
                array: Words { ifmap: counts.macs, filter: steps * cols, psum: moves * cols },
                accumulators: 2 * accumulations,
                glb: Words { filter: outside.glb.filter + read, ..outside.glb },
                ..outside
            };
        }
        // The weight buffer is at the level of the global one: without local reuse there is no other.
        let (held, read) = if arch.dataflow == Dataflow::Nlr { (0, counts.macs) } else { (counts.macs, 0) };
        // A pixel is written to each row FIFO of its engine and read from it, a window goes to all columns.
        let shifted = 2 * (arch.kernel() as u64 - 1) * counts.ifmap_bus_words;
        Accesses {
            rf: Words { ifmap: shifted, filter: held, psum: 0 },
            array: Words {
                ifmap: counts.macs,
                filter: counts.filter_bus_lines / self.row_lines() as u64 * row_words,
                psum: accumulations * (arch.rows as u64 - 1),
            },
            accumulators: 2 * accumulations,
            glb: Words { filter: outside.glb.filter + read, ..outside.glb },
            ..outside
        }
    }

    /// An activation that exists meets the weights of a row.
    fn macs_on_ifmap(&self, counts: &Counts) -> f64 {
        if self.is_of_inputs() {
            return counts.macs as f64;
        }
        let cols = if self.is_of_planes() { 1 } else { self.arch.cols };
        self.shape.macs_on_ifmap() as f64 / self.shape.m_per_group() as f64
            * (self.filter_groups * self.filter_rows() * cols) as f64
    }

    fn memories(&self) -> Memories {
        let arch = &self.arch;
        Memories {
            // The word that is held, or a row FIFO.
            ifmap: match arch.conv2d {
                Some(engines) => bytes(engines.row_fifo, arch.width),
                None if self.is_of_inputs() => bytes(1, arch.width),
                None => None,
            },
            // The weight in use and the next one.
            filter: if arch.dataflow == Dataflow::Ws { bytes(2, arch.width) } else { None },
            psum: None,
            accumulator: match self.is_of_inputs() {
                true => bytes(arch.bank_places(), arch.psum_width),
                false => bytes(arch.accumulators, arch.psum_width),
            },
        }
    }
}
