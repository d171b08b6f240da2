use super::fields::{filter_line_bits, sources_bits, LayerFields};
use super::COLUMN_BITS;
use crate::arch::{Arch, IMAGE_BITS, WINDOW_BITS};
use crate::program::layer;
use crate::rtl::prelude::*;

/// Holds the constants of a `LAYER` command from the cycle after `write` on.
///
/// `command[i]` is word i + 1 of the command; the fields are those of [`layer`], each as wide as the architecture needs it.
#[derive(LogicBlock)]
pub struct LayerRegisters {
    pub clock: Wire<In, Clk>,
    pub write: Wire<In>,
    pub command: Vec<Wire<In>>,
    pub taps_m1: Wire<Out>,
    pub step: Wire<Out>,
    pub filters_m1: Wire<Out>,
    pub windows_m1: Wire<Out>,
    pub images_m1: Wire<Out>,
    pub psum_shift: Wire<Out>,
    pub ifmap_banks: Wire<Out>,
    pub channels_m1: Wire<Out>,
    pub streams_m1: Wire<Out>,
    pub row_width: Wire<Out>,
    pub channel_stride: Wire<Out>,
    pub image_stride: Wire<Out>,
    pub col_run_m1: Wire<Out>,
    pub col_skip: Wire<Out>,
    pub col_runs_m1: Wire<Out>,
    pub filter_words: Wire<Out>,
    pub filter_y_m1: Wire<Out>,
    pub filter_x_m1: Wire<Out>,
    pub filter_lines_m1: Wire<Out>,
    pub psum_filter_stride: Wire<Out>,
    pub psum_image_stride: Wire<Out>,
    /// Entries of the source table of each psum lane.
    pub sources: Vec<Wire<Out>>,
    fields: LayerFields,
    held_taps_m1: Reg,
    held_step: Reg,
    held_filters_m1: Reg,
    held_windows_m1: Reg,
    held_images_m1: Reg,
    held_psum_shift: Reg,
    held_ifmap_banks: Reg,
    held_channels_m1: Reg,
    held_streams_m1: Reg,
    held_row_width: Reg,
    held_channel_stride: Reg,
    held_image_stride: Reg,
    held_col_run_m1: Reg,
    held_col_skip: Reg,
    held_col_runs_m1: Reg,
    held_filter_words: Reg,
    held_filter_y_m1: Reg,
    held_filter_x_m1: Reg,
    held_filter_lines_m1: Reg,
    held_psum_filter_stride: Reg,
    held_psum_image_stride: Reg,
    held_sources: Vec<Reg>,
    words: Const,
    psum_lanes: Const,
    /// Where the lanes' numbers of sources lie: in which element of `command`, and bits from each to the next.
    sources_word: Const,
    sources_pitch: Const,
}

impl LayerRegisters {
    /// The registers of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let fields = LayerFields::new(arch);
        let words = fields.source.len();
        let k = arch.psum_lanes;
        LayerRegisters {
            clock: Default::default(),
            write: Wire::bit(),
            command: (0..words).map(|_| Wire::unsigned(64)).collect(),
            taps_m1: Wire::unsigned(arch.taps_bits()),
            step: Wire::unsigned(arch.taps_bits()),
            filters_m1: Wire::unsigned(arch.filter_count_bits()),
            windows_m1: Wire::unsigned(WINDOW_BITS),
            images_m1: Wire::unsigned(IMAGE_BITS),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            ifmap_banks: Wire::unsigned(layer::IFMAP_BANKS.bits),
            channels_m1: Wire::unsigned(arch.taps_bits()),
            streams_m1: Wire::unsigned(arch.ifmap_x_bits()),
            row_width: Wire::unsigned(COLUMN_BITS),
            channel_stride: Wire::unsigned(arch.word_address_bits()),
            image_stride: Wire::unsigned(arch.word_address_bits()),
            col_run_m1: Wire::unsigned(COLUMN_BITS),
            col_skip: Wire::unsigned(COLUMN_BITS),
            col_runs_m1: Wire::unsigned(WINDOW_BITS),
            filter_words: Wire::unsigned(arch.filter_count_bits()),
            filter_y_m1: Wire::unsigned(arch.tag_y_bits()),
            filter_x_m1: Wire::unsigned(arch.filter_x_bits()),
            filter_lines_m1: Wire::unsigned(filter_line_bits(arch)),
            psum_filter_stride: Wire::unsigned(arch.line_bits()),
            psum_image_stride: Wire::unsigned(arch.line_bits()),
            sources: (0..k).map(|_| Wire::unsigned(sources_bits(arch))).collect(),
            fields,
            held_taps_m1: Reg::unsigned(arch.taps_bits()),
            held_step: Reg::unsigned(arch.taps_bits()),
            held_filters_m1: Reg::unsigned(arch.filter_count_bits()),
            held_windows_m1: Reg::unsigned(WINDOW_BITS),
            held_images_m1: Reg::unsigned(IMAGE_BITS),
            held_psum_shift: Reg::unsigned(arch.shift_bits()),
            held_ifmap_banks: Reg::unsigned(layer::IFMAP_BANKS.bits),
            held_channels_m1: Reg::unsigned(arch.taps_bits()),
            held_streams_m1: Reg::unsigned(arch.ifmap_x_bits()),
            held_row_width: Reg::unsigned(COLUMN_BITS),
            held_channel_stride: Reg::unsigned(arch.word_address_bits()),
            held_image_stride: Reg::unsigned(arch.word_address_bits()),
            held_col_run_m1: Reg::unsigned(COLUMN_BITS),
            held_col_skip: Reg::unsigned(COLUMN_BITS),
            held_col_runs_m1: Reg::unsigned(WINDOW_BITS),
            held_filter_words: Reg::unsigned(arch.filter_count_bits()),
            held_filter_y_m1: Reg::unsigned(arch.tag_y_bits()),
            held_filter_x_m1: Reg::unsigned(arch.filter_x_bits()),
            held_filter_lines_m1: Reg::unsigned(filter_line_bits(arch)),
            held_psum_filter_stride: Reg::unsigned(arch.line_bits()),
            held_psum_image_stride: Reg::unsigned(arch.line_bits()),
            held_sources: (0..k).map(|_| Reg::unsigned(sources_bits(arch))).collect(),
            words: Const::new(words),
            psum_lanes: Const::new(k),
            sources_word: Const::new(layer::sources(0).word - 1),
            sources_pitch: Const::new(layer::sources(1).low),
        }
    }
}

impl Logic for LayerRegisters {
    describe!("layer_registers", "The constants of the layer in work.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            held_taps_m1,
            held_step,
            held_filters_m1,
            held_windows_m1,
            held_images_m1,
            held_psum_shift,
            held_ifmap_banks,
            held_channels_m1,
            held_streams_m1,
            held_row_width,
            held_channel_stride,
            held_image_stride,
            held_col_run_m1,
            held_col_skip,
            held_col_runs_m1,
            held_filter_words,
            held_filter_y_m1,
            held_filter_x_m1,
            held_filter_lines_m1,
            held_psum_filter_stride,
            held_psum_image_stride
        );
        for i in 0..self.words.index() {
            self.fields.source[i].next = self.command[i].val();
        }
        if self.write.val().any() {
            self.held_taps_m1.d.next = self.fields.taps_m1.val();
            self.held_step.d.next = self.fields.step.val();
            self.held_filters_m1.d.next = self.fields.filters_m1.val();
            self.held_windows_m1.d.next = self.fields.windows_m1.val();
            self.held_images_m1.d.next = self.fields.images_m1.val();
            self.held_psum_shift.d.next = self.fields.psum_shift.val();
            self.held_ifmap_banks.d.next = self.fields.ifmap_banks.val();
            self.held_channels_m1.d.next = self.fields.channels_m1.val();
            self.held_streams_m1.d.next = self.fields.streams_m1.val();
            self.held_row_width.d.next = self.fields.row_width.val();
            self.held_channel_stride.d.next = self.fields.channel_stride.val();
            self.held_image_stride.d.next = self.fields.image_stride.val();
            self.held_col_run_m1.d.next = self.fields.col_run_m1.val();
            self.held_col_skip.d.next = self.fields.col_skip.val();
            self.held_col_runs_m1.d.next = self.fields.col_runs_m1.val();
            self.held_filter_words.d.next = self.fields.filter_words.val();
            self.held_filter_y_m1.d.next = self.fields.filter_y_m1.val();
            self.held_filter_x_m1.d.next = self.fields.filter_x_m1.val();
            self.held_filter_lines_m1.d.next = self.fields.filter_lines_m1.val();
            self.held_psum_filter_stride.d.next = self.fields.psum_filter_stride.val();
            self.held_psum_image_stride.d.next = self.fields.psum_image_stride.val();
        }
        self.taps_m1.next = self.held_taps_m1.q.val();
        self.step.next = self.held_step.q.val();
        self.filters_m1.next = self.held_filters_m1.q.val();
        self.windows_m1.next = self.held_windows_m1.q.val();
        self.images_m1.next = self.held_images_m1.q.val();
        self.psum_shift.next = self.held_psum_shift.q.val();
        self.ifmap_banks.next = self.held_ifmap_banks.q.val();
        self.channels_m1.next = self.held_channels_m1.q.val();
        self.streams_m1.next = self.held_streams_m1.q.val();
        self.row_width.next = self.held_row_width.q.val();
        self.channel_stride.next = self.held_channel_stride.q.val();
        self.image_stride.next = self.held_image_stride.q.val();
        self.col_run_m1.next = self.held_col_run_m1.q.val();
        self.col_skip.next = self.held_col_skip.q.val();
        self.col_runs_m1.next = self.held_col_runs_m1.q.val();
        self.filter_words.next = self.held_filter_words.q.val();
        self.filter_y_m1.next = self.held_filter_y_m1.q.val();
        self.filter_x_m1.next = self.held_filter_x_m1.q.val();
        self.filter_lines_m1.next = self.held_filter_lines_m1.q.val();
        self.psum_filter_stride.next = self.held_psum_filter_stride.q.val();
        self.psum_image_stride.next = self.held_psum_image_stride.q.val();
        for l in 0..self.psum_lanes.index() {
            self.held_sources[l].clock.next = self.clock.val();
            self.held_sources[l].d.next = self.held_sources[l].q.val();
            if self.write.val().any() {
                self.held_sources[l].d.next =
                    self.command[self.sources_word.index()].val() >> (l * self.sources_pitch.index());
            }
            self.sources[l].next = self.held_sources[l].q.val();
        }
    }
}
