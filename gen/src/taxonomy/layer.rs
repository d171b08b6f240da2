//! A layer's sizes as the dataflows need them: tensors in words, dimensions of a group of channels.

use crate::shape::ConvShape;

/// A layer. Tensors are counted with padding, as the papers' H and W are.
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    shape: ConvShape,
    /// Images.
    pub n: usize,
    /// Filters of a group.
    pub m: usize,
    /// Channels of a group.
    pub c: usize,
    /// Filter rows and columns.
    pub r: usize,
    pub s: usize,
    /// Ofmap rows and columns.
    pub e: usize,
    pub f: usize,
}

impl Layer {
    /// Of a shape that has been checked.
    pub fn new(shape: &ConvShape) -> Layer {
        Layer {
            shape: *shape,
            n: shape.n,
            m: shape.m_per_group(),
            c: shape.c_per_group(),
            r: shape.r,
            s: shape.s,
            e: shape.e(),
            f: shape.f(),
        }
    }

    /// Whether it is fully connected: one position.
    pub fn fully_connected(&self) -> bool {
        self.e == 1 && self.f == 1
    }

    pub fn macs(&self) -> f64 {
        self.shape.macs() as f64
    }

    /// Channels of all images and groups: how often a plane's words are there.
    pub fn planes(&self) -> f64 {
        self.n as f64 * self.shape.c as f64
    }

    pub fn ifmap_words(&self) -> f64 {
        self.planes() * self.rows() as f64 * self.cols() as f64
    }

    pub fn filter_words(&self) -> f64 {
        self.shape.filter_dims().iter().map(|dim| *dim as f64).product()
    }

    pub fn ofmap_words(&self) -> f64 {
        self.shape.ofmap_dims().iter().map(|dim| *dim as f64).product()
    }

    /// Products in a psum: C·R·S.
    pub fn additions(&self) -> f64 {
        self.c as f64 * self.taps() as f64
    }

    /// Weights of a channel of a filter.
    pub fn taps(&self) -> usize {
        self.r * self.s
    }

    /// Ifmap rows with padding.
    pub fn rows(&self) -> usize {
        self.shape.padded_h()
    }

    /// Ifmap columns with padding.
    pub fn cols(&self) -> usize {
        self.shape.padded_w()
    }

    /// Ifmap rows that `e` ofmap rows need.
    pub fn rows_of(&self, e: usize) -> usize {
        extent(e, self.e, self.rows(), self.r, self.shape.stride_h)
    }

    /// Ifmap columns that `f` ofmap columns need.
    pub fn cols_of(&self, f: usize) -> usize {
        extent(f, self.f, self.cols(), self.s, self.shape.stride_w)
    }

    /// Ifmap rows read for a plane in strips of `e` ofmap rows, those that two strips share twice.
    pub fn rows_read(&self, e: usize) -> usize {
        read(e, self.e, |e| self.rows_of(e))
    }

    /// Ifmap columns read for a row in pieces of `f` ofmap columns.
    pub fn cols_read(&self, f: usize) -> usize {
        read(f, self.f, |f| self.cols_of(f))
    }
}

/// Ifmap words in a row for `outputs` of `all` windows; of all, the whole row.
fn extent(outputs: usize, all: usize, whole: usize, filter: usize, stride: usize) -> usize {
    if outputs >= all {
        return whole;
    }
    (outputs - 1) * stride + filter
}

/// Words read for `all` windows in pieces of `size`, of which each takes `extent`.
fn read(size: usize, all: usize, extent: impl Fn(usize) -> usize) -> usize {
    let (pieces, rest) = (all / size, all % size);
    pieces * extent(size) + if rest > 0 { extent(rest) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_read_the_rows_that_they_share_twice() {
        let conv1 =
            ConvShape { m: 96, c: 3, h: 227, w: 227, r: 11, s: 11, stride_h: 4, stride_w: 4, ..Default::default() };
        let layer = Layer::new(&conv1);
        assert_eq!((layer.rows_of(19), layer.rows_of(55)), (83, 227));
        assert_eq!(layer.rows_read(19), 2 * 83 + 75);
        assert_eq!((layer.rows_read(55), layer.cols_read(1)), (227, 55 * 11));
        assert_eq!(layer.macs(), 105_415_200.0);
    }
}
