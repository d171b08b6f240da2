//! Ways to fill the array: everything of a mapping but what the buffer decides.

use super::super::plan::lane_rows;
use super::super::Mapping;
use super::Cut;
use crate::shape::ConvShape;
use hw::program::params;
use hw::Arch;

/// A filling with the cycles and the accesses that no arrangement of the buffer saves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filling {
    pub mapping: Mapping,
    /// Cycles at the least.
    pub cycles: u64,
    /// Energy at the least, in MACs.
    pub energy: f64,
}

/// All fillings.
pub(super) fn fillings(base: Mapping, shape: &ConvShape, arch: &Arch, cut: Cut) -> Vec<Filling> {
    let mut found = Fillings { shape, arch, cut, found: Vec::new() };
    let spad = arch.ifmap_spad.min(arch.filter_spad);
    let (c, _) = (shape.c_per_group(), shape.m_per_group());
    for filter_cols in cut.sizes(shape.s, spad) {
        for filter_rows in cut.sizes(shape.r, arch.rows) {
            for r in 1..=(arch.rows / filter_rows).min(c) {
                let mut last = 0;
                for channels in cut.sizes(c, spad / filter_cols * r) {
                    let q = channels.div_ceil(r);
                    if q != last {
                        last = q;
                        found.columns(Mapping { r, q, filter_rows, filter_cols, ..base });
                    }
                }
            }
        }
    }
    found.found
}

struct Fillings<'a> {
    shape: &'a ConvShape,
    arch: &'a Arch,
    cut: Cut,
    found: Vec<Filling>,
}

impl Fillings<'_> {
    /// Ways to lay stacks of a chosen size over the array.
    fn columns(&mut self, base: Mapping) {
        let (shape, arch) = (self.shape, self.arch);
        let room = arch.rows / base.stack();
        for e in self.cut.sizes(shape.e(), arch.cols * room) {
            for folds in e.div_ceil(arch.cols)..=room.min(e) {
                let mapping = Mapping { e, folds, ..base };
                let across = arch.cols / mapping.set_cols();
                if (folds - 1) * mapping.set_cols() >= e || across == 0 {
                    continue;
                }
                for t_cols in 1..=across.min(shape.m) {
                    for t_rows in 1..=(room / folds).min(shape.m.div_ceil(t_cols)) {
                        self.filters(Mapping { t_rows, t_cols, ..mapping });
                    }
                }
            }
        }
    }

    /// Filters of a PE, and groups side by side.
    fn filters(&mut self, mapping: Mapping) {
        let (shape, arch) = (self.shape, self.arch);
        let (c, m, t) = (shape.c_per_group(), shape.m_per_group(), mapping.t());
        let rows = lane_rows(&mapping, arch).into_iter().max().unwrap_or(0);
        let most = arch.psum_spad.min(arch.filter_spad / mapping.taps()).min(params::DEPTH / t);
        let mut last = 0;
        if t <= m {
            for p in self.cut.sizes(m.div_ceil(t), most) {
                // Evenly cut, each p makes another number of filter groups.
                if self.cut == Cut::Any || m.div_ceil(p * t) != last {
                    last = m.div_ceil(p * t);
                    self.add(Mapping { p, m: p * t, ..mapping }, rows);
                }
            }
        }
        for groups in 2..=t.min(shape.groups) {
            let sets = t / groups;
            if t % groups == 0
                && c <= mapping.q * mapping.r
                && m % sets == 0
                && m / sets <= most
                && m * groups <= params::DEPTH
            {
                self.add(Mapping { p: m / sets, groups, m: m * groups, ..mapping }, rows);
            }
        }
    }

    fn add(&mut self, mapping: Mapping, lane_rows: usize) {
        let (shape, arch) = (self.shape, self.arch);
        let alone = mapping.groups == 1;
        let strips = shape.e().div_ceil(mapping.e);
        let turns = if alone { shape.c_per_group().div_ceil(mapping.q * mapping.r) } else { 1 }
            * shape.r.div_ceil(mapping.filter_rows)
            * shape.s.div_ceil(mapping.filter_cols);
        let filter_groups = if alone { shape.m_per_group().div_ceil(mapping.pass_filters()) } else { 1 };
        let group_turns = shape.groups.div_ceil(mapping.groups);
        let rows = (strips * turns * filter_groups * group_turns) as u64;
        let (windows, images) = (shape.f() as u64, shape.n as u64);
        let height = if shape.stride_h < mapping.filter_rows {
            (mapping.e - 1) * shape.stride_h + mapping.filter_rows
        } else {
            mapping.e * mapping.filter_rows
        };
        let streams = (height * mapping.r * mapping.groups) as u64;
        let step = shape.stride_w.min(mapping.filter_cols);
        let sent = (shape.f() - 1) * step + mapping.filter_cols;
        let lines = (mapping.p * mapping.taps()).div_ceil(4) * mapping.t() * mapping.stack();
        let macs = rows * (mapping.p * mapping.taps()) as u64 * windows * images;
        let ifmap = rows * streams * (mapping.q * sent) as u64 * images;
        let psum = rows * (lane_rows * mapping.p) as u64 * windows * images;
        let filter = rows * lines as u64;
        let cycles = macs.max(ifmap).max(psum).max(filter);

        let pes = (mapping.t() * mapping.e * mapping.stack()) as f64;
        let psum_words = arch.psum_width as f64 / arch.width as f64;
        let psums = rows as f64 * (mapping.p * mapping.t() * mapping.e) as f64 * (windows * images) as f64;
        let stack = mapping.stack() as f64;
        let all_macs = macs as f64 * pes;
        let rf = 2.0 * all_macs + 2.0 * psum_words * (all_macs - psums * stack);
        let deliveries = ifmap as f64 / streams as f64 * pes;
        let filters = rows as f64 * (mapping.p * mapping.taps()) as f64;
        let array = 2.0 * (deliveries + filters * pes + psums * (stack - 1.0) * psum_words);
        let glb =
            6.0 * (filters * (mapping.t() * mapping.stack()) as f64 + psums * (2.0 - 1.0 / turns as f64) * psum_words);
        let energy = all_macs + rf + array + glb + 200.0 * filters;
        self.found.push(Filling { mapping, cycles, energy });
    }
}
