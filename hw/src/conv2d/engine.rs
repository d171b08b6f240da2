use super::row::ConvRow;
use super::window::ConvWindow;
use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::matrix::MatrixReader;
use crate::rtl::prelude::*;

/// A convolution engine of all columns: a channel's ifmap port, its window generator, and a [`ConvRow`] for each tap.
///
/// Latencies, for a pixel whose `valid_in` and `inside_in` come in cycle c: the buffer is read in c + 1. It is said again with its column in c + 3 (`next`) and c + 4. In c + 5 it ends
/// a window of `taps_h` × `taps_w` pixels, if it is `whole`. `gated` comes in c + 6, `addend` in c + 8. `swap` comes in c + 5 with a weight tile's first pixel. A line is
/// written at the end of the cycle in which it comes.
#[derive(LogicBlock)]
pub struct ConvEngine {
    pub clock: Wire<In, Clk>,
    pub psum_shift: Wire<In>,
    // Pixel
    pub valid_in: Wire<In>,
    pub inside_in: Wire<In>,
    pub next_valid: Wire<In>,
    pub next_column: Wire<In>,
    pub valid: Wire<In>,
    pub column: Wire<In>,
    pub alone: Wire<In>,
    // Its window
    pub whole: Wire<In>,
    pub taps_h: Wire<In>,
    pub taps_w: Wire<In>,
    pub swap: Wire<In>,
    // Lines of weights
    pub write: Wire<In>,
    pub write_row: Wire<In>,
    pub write_col: Wire<In>,
    pub write_group: Wire<In>,
    pub line: Wire<In>,
    // Ifmap port
    pub ifmap_read: Wire<Out>,
    pub ifmap_read_word: Wire<In>,
    /// By tap and column: number tap · columns + column.
    pub addend: Vec<Wire<Out>>,
    /// By tap.
    pub gated: Vec<Wire<Out>>,
    reader: MatrixReader,
    generator: ConvWindow,
    row: Vec<ConvRow>,
    kernel: Const,
    taps: Const,
    cols: Const,
}

impl ConvEngine {
    /// An engine of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (w, rows, column) = (arch.width, arch.engine_rows(), address_bits(arch.row_fifo()));
        let taps = count_bits(arch.kernel());
        ConvEngine {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            valid_in: Wire::bit(),
            inside_in: Wire::bit(),
            next_valid: Wire::bit(),
            next_column: Wire::unsigned(column),
            valid: Wire::bit(),
            column: Wire::unsigned(column),
            alone: Wire::bit(),
            whole: Wire::bit(),
            taps_h: Wire::unsigned(taps),
            taps_w: Wire::unsigned(taps),
            swap: Wire::bit(),
            write: Wire::bit(),
            write_row: Wire::unsigned(taps),
            write_col: Wire::unsigned(taps),
            write_group: Wire::unsigned(address_bits(arch.cols.div_ceil(FILTER_BUS_WORDS))),
            line: Wire::unsigned(FILTER_BUS_WORDS * w),
            ifmap_read: Wire::bit(),
            ifmap_read_word: Wire::signed(w),
            addend: (0..rows * arch.cols).map(|_| Wire::signed(arch.psum_width)).collect(),
            gated: (0..rows).map(|_| Wire::bit()).collect(),
            reader: MatrixReader::new(arch),
            generator: ConvWindow::new(arch),
            row: (0..rows).map(|_| ConvRow::new(arch)).collect(),
            kernel: Const::new(arch.kernel()),
            taps: Const::new(rows),
            cols: Const::new(arch.cols),
        }
    }
}

impl Logic for ConvEngine {
    describe!("conv_engine", "Convolution engine: ifmap port, window generator, a row of PEs for each tap.");

    #[hdl_gen]
    fn update(&mut self) {
        self.reader.clock.next = self.clock.val();
        self.reader.valid_in.next = self.valid_in.val();
        self.reader.inside_in.next = self.inside_in.val();
        self.ifmap_read.next = self.reader.ifmap_read.val();
        self.reader.ifmap_read_word.next = self.ifmap_read_word.val();

        self.generator.clock.next = self.clock.val();
        self.generator.next_valid.next = self.next_valid.val();
        self.generator.next_column.next = self.next_column.val();
        self.generator.valid.next = self.valid.val();
        self.generator.column.next = self.column.val();
        self.generator.alone.next = self.alone.val();
        self.generator.pixel.next = self.reader.act.val();

        for t in 0..self.taps.index() {
            self.row[t].clock.next = self.clock.val();
            self.row[t].psum_shift.next = self.psum_shift.val();
            self.row[t].pixel.next = self.generator.window[t].val();
            self.row[t].swap.next = self.swap.val();
            self.row[t].write_group.next = self.write_group.val();
            self.row[t].line.next = self.line.val();
            self.gated[t].next = self.row[t].gated.val();
            for c in 0..self.cols.index() {
                self.addend[t * self.cols.index() + c].next = self.row[t].addend[c].val();
            }
        }
        for a in 0..self.kernel.index() {
            for b in 0..self.kernel.index() {
                self.row[a * self.kernel.index() + b].exists.next =
                    (self.whole.val().any() && self.taps_h.val() > a && self.taps_w.val() > b).into();
                self.row[a * self.kernel.index() + b].write.next =
                    (self.write.val().any() && self.write_row.val() == a && self.write_col.val() == b).into();
            }
        }
    }
}
