use super::layer_in::IfmapLayer;
use super::COLUMN_BITS;
use crate::arch::{Arch, IMAGE_BITS, WINDOW_BITS};
use crate::rtl::prelude::*;

/// The loops of the ifmap walker: image, run of columns, column of the run, stream, channel; the last is the innermost.
///
/// While `busy`, the outputs describe a word; `advance` steps to the next one. Products of counters and strides are kept as
/// running sums. Latency: the first word of a pass stands in the cycle after `start`, each other in the cycle after `advance`.
#[derive(LogicBlock)]
pub struct IfmapLoops {
    pub clock: Wire<In, Clk>,
    pub layer: IfmapLayer,
    // Pass
    pub start: Wire<In>,
    pub tile: Wire<In>,
    pub x_start: Wire<In>,
    pub advance: Wire<In>,
    pub busy: Wire<Out>,
    /// Entry of the ifmap table.
    pub stream: Wire<Out>,
    pub channel: Wire<Out>,
    /// Buffer word of the column, channel and image at offset 0.
    pub address: Wire<Out>,
    /// Whether the column is one of the row's.
    pub inside: Wire<Out>,
    /// The last word of the pass.
    pub last: Wire<Out>,
    running: Reg,
    channel_count: Reg,
    stream_count: Reg,
    col_count: Reg,
    run_count: Reg,
    image_count: Reg,
    x: Reg,
    x_first: Reg,
    /// Buffer word of column 0 of the image, of the column in it, and what the channel adds to that.
    image_base: Reg,
    col_base: Reg,
    channel_offset: Reg,
    last_channel: Wire<Local>,
    last_stream: Wire<Local>,
    last_col: Wire<Local>,
    last_run: Wire<Local>,
    last_image: Wire<Local>,
}

impl IfmapLoops {
    /// The loops for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let word = arch.word_address_bits();
        IfmapLoops {
            clock: Default::default(),
            layer: IfmapLayer::new(arch),
            start: Wire::bit(),
            tile: Wire::unsigned(word),
            x_start: Wire::signed(COLUMN_BITS),
            advance: Wire::bit(),
            busy: Wire::bit(),
            stream: Wire::unsigned(arch.ifmap_x_bits()),
            channel: Wire::unsigned(arch.taps_bits()),
            address: Wire::unsigned(word),
            inside: Wire::bit(),
            last: Wire::bit(),
            running: Reg::bit(),
            channel_count: Reg::unsigned(arch.taps_bits()),
            stream_count: Reg::unsigned(arch.ifmap_x_bits()),
            col_count: Reg::unsigned(COLUMN_BITS),
            run_count: Reg::unsigned(WINDOW_BITS),
            image_count: Reg::unsigned(IMAGE_BITS),
            x: Reg::data(COLUMN_BITS + 1, true),
            x_first: Reg::data(COLUMN_BITS, true),
            image_base: Reg::data(word, false),
            col_base: Reg::data(word, false),
            channel_offset: Reg::unsigned(word),
            last_channel: Wire::bit(),
            last_stream: Wire::bit(),
            last_col: Wire::bit(),
            last_run: Wire::bit(),
            last_image: Wire::bit(),
        }
    }
}

impl Logic for IfmapLoops {
    describe!("ifmap_loops", "Loops of the ifmap walker over images, columns, streams and channels.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            running,
            channel_count,
            stream_count,
            col_count,
            run_count,
            image_count,
            x,
            x_first,
            image_base,
            col_base,
            channel_offset
        );
        self.last_channel.next = (self.channel_count.q.val() == self.layer.channels_m1.val()).into();
        self.last_stream.next = (self.stream_count.q.val() == self.layer.streams_m1.val()).into();
        self.last_col.next = (self.col_count.q.val() == self.layer.col_run_m1.val()).into();
        self.last_run.next = (self.run_count.q.val() == self.layer.col_runs_m1.val()).into();
        self.last_image.next = (self.image_count.q.val() == self.layer.images_m1.val()).into();
        self.busy.next = self.running.q.val();
        self.stream.next = self.stream_count.q.val();
        self.channel.next = self.channel_count.q.val();
        self.address.next = self.col_base.q.val() + self.channel_offset.q.val();
        self.inside.next = (self.x.q.val() >= 0 && self.x.q.val() < self.layer.row_width.val()).into();
        self.last.next = self.last_channel.val()
            & self.last_stream.val()
            & self.last_col.val()
            & self.last_run.val()
            & self.last_image.val();

        if self.start.val().any() {
            self.running.d.next = true.into();
            self.x.d.next = self.x_start.val();
            self.x_first.d.next = self.x_start.val();
            self.image_base.d.next = self.tile.val();
            self.col_base.d.next = self.tile.val() + self.x_start.val();
        } else if self.advance.val().any() {
            self.channel_count.d.next = self.channel_count.q.val() + 1;
            self.channel_offset.d.next = self.channel_offset.q.val() + self.layer.channel_stride.val();
            if self.last_channel.val().any() {
                self.channel_count.d.next = 0.into();
                self.channel_offset.d.next = 0.into();
                self.stream_count.d.next = self.stream_count.q.val() + 1;
                if self.last_stream.val().any() {
                    self.stream_count.d.next = 0.into();
                    if !self.last_col.val().any() {
                        self.col_count.d.next = self.col_count.q.val() + 1;
                        self.x.d.next = self.x.q.val() + 1;
                        self.col_base.d.next = self.col_base.q.val() + 1;
                    } else {
                        self.col_count.d.next = 0.into();
                        if !self.last_run.val().any() {
                            self.run_count.d.next = self.run_count.q.val() + 1;
                            self.x.d.next = self.x.q.val() + self.layer.col_skip.val() + 1;
                            self.col_base.d.next = self.col_base.q.val() + self.layer.col_skip.val() + 1;
                        } else {
                            self.run_count.d.next = 0.into();
                            self.x.d.next = self.x_first.q.val();
                            self.image_base.d.next = self.image_base.q.val() + self.layer.image_stride.val();
                            self.col_base.d.next =
                                self.image_base.q.val() + self.layer.image_stride.val() + self.x_first.q.val();
                            self.image_count.d.next = self.image_count.q.val() + 1;
                            if self.last_image.val().any() {
                                self.image_count.d.next = 0.into();
                                self.running.d.next = false.into();
                            }
                        }
                    }
                }
            }
        }
    }
}
