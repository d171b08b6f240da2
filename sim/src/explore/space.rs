//! The designs that a sweep goes through: one for each combination of sizes.

use hw::os::OsStyle;
use hw::{Arch, ArchSpec, Dataflow, WsStyle};

/// The values of each size.
#[derive(Clone, Debug)]
pub struct Space {
    pub dataflows: Vec<Dataflow>,
    /// Styles of weight-stationary arrays.
    pub ws_styles: Vec<WsStyle>,
    /// Rows and columns of weights of convolution engines, and pixels of their row FIFOs.
    pub kernels: Vec<usize>,
    pub row_fifos: Vec<usize>,
    /// Styles of output-stationary arrays.
    pub os_styles: Vec<OsStyle>,
    /// Rows and columns.
    pub shapes: Vec<(usize, usize)>,
    /// Of words, bits; psums are twice as wide.
    pub widths: Vec<usize>,
    pub glb_kb: Vec<usize>,
    /// Scratchpads of row-stationary PEs, words.
    pub ifmap_spads: Vec<usize>,
    pub filter_spads: Vec<usize>,
    pub psum_spads: Vec<usize>,
    /// Psums of half a column's accumulator, in arrays of other dataflows.
    pub accumulators: Vec<usize>,
    /// Weight tiles of the weight buffer, without local reuse, output and input stationary.
    pub weight_tiles: Vec<usize>,
}

/// A design that can be built.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub spec: ArchSpec,
    pub arch: Arch,
}

impl Space {
    /// The designs, each once, and how many combinations cannot be built.
    pub fn candidates(&self) -> (Vec<Candidate>, usize) {
        let (mut found, mut refused) = (Vec::<Candidate>::new(), 0);
        for spec in self.specs() {
            match spec.check() {
                Ok(arch) => {
                    let spec = ArchSpec { psum_width: arch.psum_width, ..spec };
                    if !found.iter().any(|other| other.spec == spec) {
                        found.push(Candidate { spec, arch });
                    }
                }
                Err(_) => refused += 1,
            }
        }
        (found, refused)
    }

    /// All combinations.
    pub fn specs(&self) -> Vec<ArchSpec> {
        let mut specs = Vec::new();
        for &dataflow in &self.dataflows {
            for &(rows, cols) in &self.shapes {
                for &width in &self.widths {
                    for &glb_kb in &self.glb_kb {
                        let base = ArchSpec { dataflow, rows, cols, width, glb_kb, ..ArchSpec::default() };
                        specs.extend(self.in_styles(base).iter().flat_map(|base| self.with_storage(base)));
                    }
                }
            }
        }
        specs
    }

    /// A design in each style of its dataflow.
    fn in_styles(&self, base: ArchSpec) -> Vec<ArchSpec> {
        match base.dataflow {
            Dataflow::Os => {
                let with = |&os_style: &OsStyle| ArchSpec { os_style, ..base.clone() };
                self.os_styles.iter().map(with).collect()
            }
            Dataflow::Ws => self.ws_styles.iter().flat_map(|&style| self.in_ws_style(&base, style)).collect(),
            _ => vec![base],
        }
    }

    /// A weight-stationary design of each size that this style has.
    fn in_ws_style(&self, base: &ArchSpec, ws_style: WsStyle) -> Vec<ArchSpec> {
        if ws_style == WsStyle::Systolic {
            return vec![base.clone()];
        }
        let mut specs = Vec::new();
        for &kernel in &self.kernels {
            let with = |&row_fifo: &usize| ArchSpec { ws_style, kernel, row_fifo, ..base.clone() };
            specs.extend(self.row_fifos.iter().map(with));
        }
        specs
    }

    /// A design with each size of the storage in or beside the array that its dataflow has.
    fn with_storage(&self, base: &ArchSpec) -> Vec<ArchSpec> {
        if base.dataflow != Dataflow::Rs {
            let with = |&accumulators: &usize| ArchSpec { accumulators, ..base.clone() };
            let specs = self.accumulators.iter().map(with);
            if base.dataflow == Dataflow::Ws {
                return specs.collect();
            }
            let with = |spec: ArchSpec| {
                self.weight_tiles.iter().map(move |&weight_tiles| ArchSpec { weight_tiles, ..spec.clone() })
            };
            return specs.flat_map(with).collect();
        }
        let mut specs = Vec::new();
        for &ifmap_spad in &self.ifmap_spads {
            for &filter_spad in &self.filter_spads {
                let with = |&psum_spad: &usize| ArchSpec { ifmap_spad, filter_spad, psum_spad, ..base.clone() };
                specs.extend(self.psum_spads.iter().map(with));
            }
        }
        specs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_design_is_there_once_with_the_storage_that_its_dataflow_has() {
        let space = Space {
            dataflows: vec![Dataflow::Rs, Dataflow::Ws, Dataflow::Nlr, Dataflow::Os, Dataflow::Is],
            ws_styles: vec![WsStyle::Systolic, WsStyle::Conv2d],
            kernels: vec![2, 3],
            row_fifos: vec![16, 32, 64],
            os_styles: OsStyle::ALL.to_vec(),
            shapes: vec![(2, 3), (4, 3), (40, 3)],
            widths: vec![8, 16, 8],
            glb_kb: vec![32],
            ifmap_spads: vec![12, 24],
            filter_spads: vec![64],
            psum_spads: vec![8, 16, 24],
            accumulators: vec![64, 256],
            weight_tiles: vec![4, 8, 16],
        };
        let (found, refused) = space.candidates();
        let of = |dataflow| found.iter().filter(|c| c.spec.dataflow == dataflow).count();
        // 40 rows that each read the buffer need as many banks.
        let counts = [Dataflow::Rs, Dataflow::Ws, Dataflow::Nlr, Dataflow::Os, Dataflow::Is].map(of);
        // An array of one pixel has one port, one of one plane a port for each row.
        let (of_pixels, of_planes) = (3 * 2 * 6, 2 * 2 * 6);
        let os = 2 * 2 * 6 + of_pixels + of_planes;
        // Engines of 2 × 2 weights need rows by fours, of 3 × 3 by nines; banks of 8 bits are enough for the ports of 10 engines.
        let (engines, engines_twice) = (2 * 6 + 6, 3 * 6 + 2 * 6);
        assert_eq!(counts, [3 * 2 * 6, 2 * 2 * 2 + engines, 2 * 2 * 6, os, 2 * 2 * 6]);
        assert_eq!(refused, 3 * 2 + 3 * 4 * 6 + 3 * 3 * 2 * 6 - engines_twice);
    }
}
