use crate::arch::{Arch, IMAGE_BITS, WINDOW_BITS};
use crate::matrix::COORDINATE_BITS;
use crate::rtl::prelude::*;

/// The strips of a pass, a word high in each row of the array: for each channel, image, block of ifmap rows, row within the groups of a stride (ρ), the last
/// the innermost.
///
/// While a pass is in work, the outputs describe a strip; `advance` goes on to the next one. The first one stands in the cycle after `start`. Products of counters
/// and strides are kept as running sums.
#[derive(LogicBlock)]
pub struct IsStripLoops {
    pub clock: Wire<In, Clk>,
    // Layer constants
    pub filter_rows_m1: Wire<In>,
    pub stride_h: Wire<In>,
    pub windows_m1: Wire<In>,
    pub images_m1: Wire<In>,
    pub row_width: Wire<In>,
    pub group_stride: Wire<In>,
    pub image_stride: Wire<In>,
    pub row_step: Wire<In>,
    pub block_step: Wire<In>,
    pub image_places: Wire<In>,
    // Pass
    pub start: Wire<In>,
    pub tile: Wire<In>,
    pub channels: Wire<In>,
    pub y_start: Wire<In>,
    pub first_row: Wire<In>,
    pub first_place: Wire<In>,
    pub blocks_m1: Wire<In>,
    pub advance: Wire<In>,
    /// Port word of the strip's first column.
    pub address: Wire<Out>,
    /// Ifmap row of the array's first row, and ofmap row that its first tap is for.
    pub line: Wire<Out>,
    pub row: Wire<Out>,
    /// Place in the bank of that row's block.
    pub place: Wire<Out>,
    /// Filter row of the first tap.
    pub phase: Wire<Out>,
    /// The strip is the last one of its channel, and of the pass.
    pub ends_channel: Wire<Out>,
    pub last: Wire<Out>,
    channels_left: Reg,
    channel_base: Reg,
    image: Reg,
    image_base: Reg,
    image_place: Reg,
    block: Reg,
    block_base: Reg,
    block_place: Reg,
    block_line: Reg,
    block_row: Reg,
    within: Reg,
    base: Reg,
    tile_line: Reg,
    last_phase: Wire<Local>,
    last_block: Wire<Local>,
    last_image: Wire<Local>,
    rows: Const,
}

impl IsStripLoops {
    /// The loops for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (address, place) = (address_bits(arch.port_words()), address_bits(arch.bank_places()));
        IsStripLoops {
            clock: Default::default(),
            filter_rows_m1: Wire::unsigned(16),
            stride_h: Wire::unsigned(16),
            windows_m1: Wire::unsigned(WINDOW_BITS),
            images_m1: Wire::unsigned(IMAGE_BITS),
            row_width: Wire::unsigned(16),
            group_stride: Wire::unsigned(address),
            image_stride: Wire::unsigned(address),
            row_step: Wire::unsigned(address),
            block_step: Wire::unsigned(16),
            image_places: Wire::unsigned(place),
            start: Wire::bit(),
            tile: Wire::unsigned(address),
            channels: Wire::unsigned(16),
            y_start: Wire::signed(16),
            first_row: Wire::unsigned(16),
            first_place: Wire::unsigned(place),
            blocks_m1: Wire::unsigned(16),
            advance: Wire::bit(),
            address: Wire::unsigned(address),
            line: Wire::signed(COORDINATE_BITS),
            row: Wire::signed(COORDINATE_BITS),
            place: Wire::unsigned(place),
            phase: Wire::unsigned(16),
            ends_channel: Wire::bit(),
            last: Wire::bit(),
            channels_left: Reg::unsigned(16),
            channel_base: Reg::unsigned(address),
            image: Reg::unsigned(IMAGE_BITS),
            image_base: Reg::unsigned(address),
            image_place: Reg::unsigned(place),
            block: Reg::unsigned(16),
            block_base: Reg::unsigned(address),
            block_place: Reg::unsigned(place),
            block_line: Reg::signed(COORDINATE_BITS),
            block_row: Reg::signed(COORDINATE_BITS),
            within: Reg::unsigned(16),
            base: Reg::unsigned(address),
            tile_line: Reg::signed(COORDINATE_BITS),
            last_phase: Wire::bit(),
            last_block: Wire::bit(),
            last_image: Wire::bit(),
            rows: Const::new(arch.rows),
        }
    }
}

impl Logic for IsStripLoops {
    describe!(
        "is_strip_loops",
        "Loops over a pass's strips: channel, image, block of ifmap rows, row within a stride."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, channels_left, channel_base, image, image_base, image_place, block, block_base);
        dff_setup!(self, clock, block_place, block_line, block_row, within, base, tile_line);
        // A row of a group that no tap reaches is passed over.
        self.last_phase.next =
            (self.within.q.val() + 1 == self.stride_h.val() || self.within.q.val() == self.filter_rows_m1.val()).into();
        self.last_block.next = (self.block.q.val() == self.blocks_m1.val()).into();
        self.last_image.next = (self.image.q.val() == self.images_m1.val()).into();
        self.address.next = self.base.q.val();
        self.line.next = self.block_line.q.val() + self.within.q.val();
        self.row.next = self.block_row.q.val();
        self.place.next = self.block_place.q.val();
        self.phase.next = self.within.q.val();
        self.ends_channel.next = self.last_phase.val() & self.last_block.val() & self.last_image.val();
        self.last.next = (self.ends_channel.val().any() && self.channels_left.q.val() == 1).into();

        if self.start.val().any() {
            self.channels_left.d.next = self.channels.val();
            self.channel_base.d.next = self.tile.val();
            self.image.d.next = 0.into();
            self.image_base.d.next = self.tile.val();
            self.image_place.d.next = self.first_place.val();
            self.block.d.next = 0.into();
            self.block_base.d.next = self.tile.val();
            self.block_place.d.next = self.first_place.val();
            self.block_line.d.next = self.y_start.val();
            self.block_row.d.next = self.first_row.val();
            self.within.d.next = 0.into();
            self.base.d.next = self.tile.val();
            self.tile_line.d.next = self.y_start.val();
        } else if self.advance.val().any() {
            self.within.d.next = self.within.q.val() + 1;
            self.base.d.next = self.base.q.val() + self.row_width.val();
            if self.last_phase.val().any() {
                self.within.d.next = 0.into();
                self.block.d.next = self.block.q.val() + 1;
                self.block_base.d.next = self.block_base.q.val() + self.row_step.val();
                self.base.d.next = self.block_base.q.val() + self.row_step.val();
                self.block_place.d.next = self.block_place.q.val() + self.windows_m1.val() + 1;
                self.block_line.d.next = self.block_line.q.val() + self.block_step.val();
                self.block_row.d.next = self.block_row.q.val() + self.rows.val();
                if self.last_block.val().any() {
                    self.block.d.next = 0.into();
                    self.block_line.d.next = self.tile_line.q.val();
                    self.block_row.d.next = self.first_row.val();
                    self.image.d.next = self.image.q.val() + 1;
                    self.image_base.d.next = self.image_base.q.val() + self.image_stride.val();
                    self.block_base.d.next = self.image_base.q.val() + self.image_stride.val();
                    self.base.d.next = self.image_base.q.val() + self.image_stride.val();
                    self.image_place.d.next = self.image_place.q.val() + self.image_places.val();
                    self.block_place.d.next = self.image_place.q.val() + self.image_places.val();
                    if self.last_image.val().any() {
                        self.image.d.next = 0.into();
                        self.channels_left.d.next = self.channels_left.q.val() - 1;
                        self.channel_base.d.next = self.channel_base.q.val() + self.group_stride.val();
                        self.image_base.d.next = self.channel_base.q.val() + self.group_stride.val();
                        self.block_base.d.next = self.channel_base.q.val() + self.group_stride.val();
                        self.base.d.next = self.channel_base.q.val() + self.group_stride.val();
                        self.image_place.d.next = self.first_place.val();
                        self.block_place.d.next = self.first_place.val();
                    }
                }
            }
        }
    }
}
