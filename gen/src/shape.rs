//! The shape of a convolution layer, in the field's letters.

use crate::problems::Problems;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// No dimension is larger.
pub const MAX_DIM: usize = 1 << 20;

/// No tensor has more elements. With this, [`ConvShape::macs`] fits in 62 bits.
pub const MAX_ELEMENTS: usize = 1 << 31;

/// One convolution layer. Counts of elements, not bytes.
///
/// | tensor | shape |
/// |---|---|
/// | ifmap | `n` × `c` × `h` × `w` |
/// | filter | `m` × `c / groups` × `r` × `s` |
/// | bias | `m` |
/// | ofmap | `n` × `m` × `e()` × `f()` |
///
/// Group `g` maps ifmap channels `g·c/groups ..` to ofmap channels `g·m/groups ..`. Depthwise: `groups` = `c`.
/// Fully connected: `r` × `s` = `h` × `w`.
///
/// In a file `n`, the strides and `groups` are 1 and the pads 0 unless given; the rest must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConvShape {
    /// Images in the batch.
    #[serde(default = "one")]
    pub n: usize,
    /// Filters, which are ofmap channels: the total over all groups.
    pub m: usize,
    /// Ifmap channels: the total over all groups.
    pub c: usize,
    /// Ifmap height, without padding.
    pub h: usize,
    /// Ifmap width, without padding.
    pub w: usize,
    /// Filter height.
    pub r: usize,
    /// Filter width.
    pub s: usize,
    /// Rows from one window to the next.
    #[serde(default = "one")]
    pub stride_h: usize,
    /// Columns from one window to the next.
    #[serde(default = "one")]
    pub stride_w: usize,
    /// Rows of zeros above the ifmap, and as many below.
    #[serde(default)]
    pub pad_h: usize,
    /// Columns of zeros left of the ifmap, and as many right.
    #[serde(default)]
    pub pad_w: usize,
    /// Independent parts that the channels and the filters are divided into.
    #[serde(default = "one")]
    pub groups: usize,
}

fn one() -> usize {
    1
}

/// What is wrong with a [`ConvShape`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ShapeError {
    #[error("`{field}` is 0; every dimension, stride and group count is at least 1")]
    Zero { field: &'static str },
    #[error("`{field}` is {value}; the largest allowed is {MAX_DIM}")]
    TooLong { field: &'static str, value: usize },
    #[error(
        "`{field}` is {value}, which `groups` = {groups} does not divide; \
         every group has the same number of channels and of filters"
    )]
    Groups { field: &'static str, value: usize, groups: usize },
    #[error(
        "`{filter}` is {size}, more than the padded ifmap's {extent} of {padded} \
         (`{ifmap}` {length} + 2 × `{pad}` {padding}); a filter must fit, so raise `{pad}` to {remedy} or more"
    )]
    FilterTooLarge {
        filter: &'static str,
        size: usize,
        extent: &'static str,
        padded: usize,
        ifmap: &'static str,
        length: usize,
        pad: &'static str,
        padding: usize,
        remedy: usize,
    },
    #[error("{tensor} of {dims} has {elements} elements; the largest allowed is {MAX_ELEMENTS}, so split the layer")]
    TooLarge { tensor: &'static str, dims: String, elements: u128 },
}

/// One 1×1 filter over one pixel: a base for `ConvShape { m: 8, ..Default::default() }`.
impl Default for ConvShape {
    fn default() -> Self {
        ConvShape { n: 1, m: 1, c: 1, h: 1, w: 1, r: 1, s: 1, stride_h: 1, stride_w: 1, pad_h: 0, pad_w: 0, groups: 1 }
    }
}

impl ConvShape {
    /// Ofmap height. 0 if the filter does not fit, which [`check`](Self::check) reports.
    pub fn e(&self) -> usize {
        positions(self.padded_h(), self.r, self.stride_h)
    }

    /// Ofmap width. 0 if the filter does not fit, which [`check`](Self::check) reports.
    pub fn f(&self) -> usize {
        positions(self.padded_w(), self.s, self.stride_w)
    }

    /// Ifmap height with its padding: the H of the papers.
    pub fn padded_h(&self) -> usize {
        self.pad_h.saturating_mul(2).saturating_add(self.h)
    }

    /// Ifmap width with its padding: the W of the papers.
    pub fn padded_w(&self) -> usize {
        self.pad_w.saturating_mul(2).saturating_add(self.w)
    }

    /// Ifmap channels of one group.
    pub fn c_per_group(&self) -> usize {
        self.c.checked_div(self.groups).unwrap_or(0)
    }

    /// Filters of one group.
    pub fn m_per_group(&self) -> usize {
        self.m.checked_div(self.groups).unwrap_or(0)
    }

    /// `[n, c, h, w]`
    pub fn ifmap_dims(&self) -> [usize; 4] {
        [self.n, self.c, self.h, self.w]
    }

    /// `[m, c / groups, r, s]`
    pub fn filter_dims(&self) -> [usize; 4] {
        [self.m, self.c_per_group(), self.r, self.s]
    }

    /// `[m]`
    pub fn bias_dims(&self) -> [usize; 1] {
        [self.m]
    }

    /// `[n, m, e, f]`
    pub fn ofmap_dims(&self) -> [usize; 4] {
        [self.n, self.m, self.e(), self.f()]
    }

    /// Multiply-accumulates of the whole batch, those on padding included, as the papers count them.
    pub fn macs(&self) -> u64 {
        let [_, c, r, s] = self.filter_dims();
        let factors = self.ofmap_dims().into_iter().chain([c, r, s]);
        factors.fold(1, |product, dim| product.saturating_mul(dim as u64))
    }

    /// Those of [`macs`](Self::macs) whose ifmap word lies in the ifmap and not in its padding.
    pub fn macs_on_ifmap(&self) -> u64 {
        // Pairs of a position and a filter row (or column) that meet the ifmap.
        let meetings = |positions: usize, stride: usize, filter: usize, pad: usize, length: usize| {
            let meets = |position: usize| {
                let first = position * stride;
                (first + filter).min(pad + length).saturating_sub(first.max(pad)) as u64
            };
            (0..positions).map(meets).sum::<u64>()
        };
        let rows = meetings(self.e(), self.stride_h, self.r, self.pad_h, self.h);
        let cols = meetings(self.f(), self.stride_w, self.s, self.pad_w, self.w);
        (self.n * self.m * self.c_per_group()) as u64 * rows * cols
    }

    /// Every problem with this shape. After `Ok` no method overflows and no tensor is empty.
    pub fn check(&self) -> Result<(), Problems<ShapeError>> {
        let mut found = Vec::new();
        let mut in_range = true;
        for (field, value, least) in self.fields() {
            if value < least {
                found.push(ShapeError::Zero { field });
            } else if value > MAX_DIM {
                found.push(ShapeError::TooLong { field, value });
            }
            in_range &= (least..=MAX_DIM).contains(&value);
        }
        self.check_groups(&mut found);
        self.check_filter(&mut found);
        // Sizes mean something only once the parts do.
        if in_range && found.is_empty() {
            self.check_sizes(&mut found);
        }
        Problems::none_of(found)
    }

    /// Name, value and least value of each field.
    fn fields(&self) -> [(&'static str, usize, usize); 12] {
        [
            ("n", self.n, 1),
            ("m", self.m, 1),
            ("c", self.c, 1),
            ("h", self.h, 1),
            ("w", self.w, 1),
            ("r", self.r, 1),
            ("s", self.s, 1),
            ("stride_h", self.stride_h, 1),
            ("stride_w", self.stride_w, 1),
            ("pad_h", self.pad_h, 0),
            ("pad_w", self.pad_w, 0),
            ("groups", self.groups, 1),
        ]
    }

    fn check_groups(&self, found: &mut Vec<ShapeError>) {
        for (field, value) in [("c", self.c), ("m", self.m)] {
            if self.groups != 0 && value % self.groups != 0 {
                found.push(ShapeError::Groups { field, value, groups: self.groups });
            }
        }
    }

    fn check_filter(&self, found: &mut Vec<ShapeError>) {
        let rows = (("r", self.r, "height"), ("h", self.h), ("pad_h", self.pad_h), self.padded_h());
        let columns = (("s", self.s, "width"), ("w", self.w), ("pad_w", self.pad_w), self.padded_w());
        for ((filter, size, extent), (ifmap, length), (pad, padding), padded) in [rows, columns] {
            if length > 0 && size > padded {
                found.push(ShapeError::FilterTooLarge {
                    filter,
                    size,
                    extent,
                    padded,
                    ifmap,
                    length,
                    pad,
                    padding,
                    remedy: (size - length).div_ceil(2),
                });
            }
        }
    }

    fn check_sizes(&self, found: &mut Vec<ShapeError>) {
        let [n, c, _, _] = self.ifmap_dims();
        for (tensor, dims) in [
            ("the padded ifmap", [n, c, self.padded_h(), self.padded_w()]),
            ("the filter", self.filter_dims()),
            ("the ofmap", self.ofmap_dims()),
        ] {
            let elements: u128 = dims.iter().map(|&dim| dim as u128).product();
            if elements > MAX_ELEMENTS as u128 {
                found.push(ShapeError::TooLarge { tensor, dims: times(&dims), elements });
            }
        }
    }
}

/// How many windows of `filter` fit into `length` at every `stride`.
fn positions(length: usize, filter: usize, stride: usize) -> usize {
    match length.checked_sub(filter) {
        Some(slack) => slack.checked_div(stride).map_or(0, |steps| steps + 1),
        None => 0,
    }
}

/// `1×3×227×227`
pub fn times(dims: &[usize]) -> String {
    let dims: Vec<String> = dims.iter().map(usize::to_string).collect();
    dims.join("×")
}

/// `1×3×227×227 * 96×3×11×11, stride 4×4, pad 0×0, groups 1`
impl fmt::Display for ConvShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ifmap, filter) = (times(&self.ifmap_dims()), times(&self.filter_dims()));
        let (stride, pad) = ([self.stride_h, self.stride_w], [self.pad_h, self.pad_w]);
        let (stride, pad, groups) = (times(&stride), times(&pad), self.groups);
        write!(f, "{ifmap} * {filter}, stride {stride}, pad {pad}, groups {groups}")
    }
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
