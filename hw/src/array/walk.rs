use super::layer::LayerIn;
use crate::arch::{IMAGE_BITS, WINDOW_BITS};
use crate::rtl::prelude::*;
use crate::Arch;

/// Where a PE is in its work: tap k of filter f of window x of an image of the pass.
///
/// Each cycle with `take`: the next tap, in the order image, window, filter, tap (the tap moves fastest). What is said about the
/// current tap comes from the counters and the layer constants.
#[derive(LogicBlock)]
pub struct Walk {
    pub clock: Wire<In, Clk>,
    pub layer: LayerIn,
    pub take: Wire<In>,
    /// Tap 0: a psum starts.
    pub first: Wire<Out>,
    /// Tap T − 1: a psum is complete.
    pub last: Wire<Out>,
    /// The last filter passes an ifmap word that the next window does not have, or any in the row's last window.
    pub ifmap_free: Wire<Out>,
    /// The next tap is at the window's first word that is not freed.
    pub ifmap_rewind: Wire<Out>,
    /// The last window of the pass passes a filter word.
    pub filter_free: Wire<Out>,
    /// The next tap is at the pass's first filter word.
    pub filter_rewind: Wire<Out>,
    tap: Reg,
    filter: Reg,
    window: Reg,
    image: Reg,
    last_filter: Wire<Local>,
    last_window: Wire<Local>,
    last_image: Wire<Local>,
}

impl Walk {
    /// Counters for the PEs of `arch`.
    pub fn new(arch: &Arch) -> Self {
        Walk {
            clock: Default::default(),
            layer: LayerIn::new(arch),
            take: Wire::bit(),
            first: Wire::bit(),
            last: Wire::bit(),
            ifmap_free: Wire::bit(),
            ifmap_rewind: Wire::bit(),
            filter_free: Wire::bit(),
            filter_rewind: Wire::bit(),
            tap: Reg::unsigned(arch.taps_bits()),
            filter: Reg::unsigned(arch.filter_count_bits()),
            window: Reg::unsigned(WINDOW_BITS),
            image: Reg::unsigned(IMAGE_BITS),
            last_filter: Wire::bit(),
            last_window: Wire::bit(),
            last_image: Wire::bit(),
        }
    }
}

impl Logic for Walk {
    describe!("walk", "Counters of tap, filter, window and image of a PE.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, tap, filter, window, image);
        self.first.next = (!self.tap.q.val().any()).into();
        self.last.next = (self.tap.q.val() == self.layer.taps_m1.val()).into();
        self.last_filter.next = (self.filter.q.val() == self.layer.filters_m1.val()).into();
        self.last_window.next = (self.window.q.val() == self.layer.windows_m1.val()).into();
        self.last_image.next = (self.image.q.val() == self.layer.images_m1.val()).into();

        self.ifmap_free.next = (self.last_filter.val().any()
            && (self.last_window.val().any() || self.tap.q.val() < self.layer.step.val()))
        .into();
        self.ifmap_rewind.next = (self.last.val().any() && !self.ifmap_free.val().any()).into();
        self.filter_free.next = (self.last_window.val().any() && self.last_image.val().any()).into();
        self.filter_rewind.next =
            (self.last.val().any() && self.last_filter.val().any() && !self.filter_free.val().any()).into();

        if self.take.val().any() {
            self.tap.d.next = self.tap.q.val() + 1;
            if self.last.val().any() {
                self.tap.d.next = 0.into();
                self.filter.d.next = self.filter.q.val() + 1;
                if self.last_filter.val().any() {
                    self.filter.d.next = 0.into();
                    self.window.d.next = self.window.q.val() + 1;
                    if self.last_window.val().any() {
                        self.window.d.next = 0.into();
                        self.image.d.next = self.image.q.val() + 1;
                        if self.last_image.val().any() {
                            self.image.d.next = 0.into();
                        }
                    }
                }
            }
        }
    }
}
