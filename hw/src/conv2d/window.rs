use crate::rtl::prelude::*;
use crate::Arch;

/// The window generator of a channel: K rows of K registers, through which pixels shift, and a row FIFO between each two.
///
/// A pixel that comes in cycle c + 1, announced with its column in cycle c, is pixel (0, 0) of the `window` in c + 2: pixel (a, b), number a·K + b, came a rows before and b
/// columns before. A row FIFO is a memory with a place for each column, read in cycle c, written in c + 1. Of a row with a pixel `alone` the FIFOs are passed by: the pixel of the
/// row above is the one before.
#[derive(LogicBlock)]
pub struct ConvWindow {
    pub clock: Wire<In, Clk>,
    // The pixel to come
    pub next_valid: Wire<In>,
    pub next_column: Wire<In>,
    // The pixel
    pub valid: Wire<In>,
    pub column: Wire<In>,
    pub alone: Wire<In>,
    pub pixel: Wire<In>,
    pub window: Vec<Wire<Out>>,
    row_fifo: Vec<Sram>,
    held: Vec<Reg>,
    /// The pixel that enters each row.
    enters: Vec<Wire<Local>>,
    kernel: Const,
    fifos: Const,
    taps: Const,
}

impl ConvWindow {
    /// The window generator of an engine of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (w, kernel, column) = (arch.width, arch.kernel(), address_bits(arch.row_fifo()));
        ConvWindow {
            clock: Default::default(),
            next_valid: Wire::bit(),
            next_column: Wire::unsigned(column),
            valid: Wire::bit(),
            column: Wire::unsigned(column),
            alone: Wire::bit(),
            pixel: Wire::signed(w),
            window: (0..kernel * kernel).map(|_| Wire::signed(w)).collect(),
            row_fifo: (1..kernel).map(|_| Sram::new(arch.row_fifo(), w, true)).collect(),
            held: (0..kernel * kernel).map(|_| Reg::data(w, true)).collect(),
            enters: (0..kernel).map(|_| Wire::signed(w)).collect(),
            kernel: Const::new(kernel),
            fifos: Const::new(kernel - 1),
            taps: Const::new(kernel * kernel),
        }
    }
}

impl Logic for ConvWindow {
    describe!(
        "conv_window",
        "Window generator of a channel: registers through which pixels shift, row FIFOs between their rows."
    );

    #[hdl_gen]
    fn update(&mut self) {
        self.enters[0].next = self.pixel.val();
        for a in 0..self.fifos.index() {
            self.row_fifo[a].clock.next = self.clock.val();
            self.row_fifo[a].read.next = self.next_valid.val();
            self.row_fifo[a].read_address.next = self.next_column.val();
            self.row_fifo[a].write.next = self.valid.val();
            self.row_fifo[a].write_address.next = self.column.val();
            self.row_fifo[a].write_data.next = self.enters[a].val();
            self.enters[a + 1].next = self.row_fifo[a].read_data.val();
            if self.alone.val().any() {
                self.enters[a + 1].next = self.held[a * self.kernel.index()].q.val();
            }
        }
        for i in 0..self.taps.index() {
            self.held[i].clock.next = self.clock.val();
            self.held[i].d.next = self.held[i].q.val();
            self.window[i].next = self.held[i].q.val();
        }
        if self.valid.val().any() {
            for a in 0..self.kernel.index() {
                self.held[a * self.kernel.index()].d.next = self.enters[a].val();
                for b in 1..self.kernel.index() {
                    self.held[a * self.kernel.index() + b].d.next = self.held[a * self.kernel.index() + b - 1].q.val();
                }
            }
        }
    }
}
