use crate::arch::{IMAGE_BITS, WINDOW_BITS};
use crate::rtl::prelude::*;
use crate::Arch;

/// What a layer sets for all PEs. Stable while any of them works.
#[derive(Clone, Debug, LogicInterface)]
pub struct LayerIn {
    /// Words T of a window, less one.
    pub taps_m1: Wire<In>,
    /// Words by which the window moves, 1 to T.
    pub step: Wire<In>,
    /// Filters p, less one.
    pub filters_m1: Wire<In>,
    /// Windows F of an ofmap row, less one.
    pub windows_m1: Wire<In>,
    /// Images n of a pass, less one.
    pub images_m1: Wire<In>,
    /// Arithmetic shift right of each product.
    pub psum_shift: Wire<In>,
}

impl LayerIn {
    /// The constants at the widths of `arch`.
    pub fn new(arch: &Arch) -> Self {
        LayerIn {
            taps_m1: Wire::unsigned(arch.taps_bits()),
            step: Wire::unsigned(arch.taps_bits()),
            filters_m1: Wire::unsigned(arch.filter_count_bits()),
            windows_m1: Wire::unsigned(WINDOW_BITS),
            images_m1: Wire::unsigned(IMAGE_BITS),
            psum_shift: Wire::unsigned(arch.shift_bits()),
        }
    }
}
