use super::{tap_bits, IsPasses, IsStripLoops, IsTapLoops};
use crate::matrix::{PassInWork, PositionLayer, TileLayer, COORDINATE_BITS};
use crate::rtl::prelude::*;
use crate::Arch;

/// Turns a pass into steps, one a cycle: for each strip of [`IsStripLoops`] the taps of [`IsTapLoops`].
///
/// A pass begins in the cycle after the last step of the one before at the earliest; its first step can be sent in the cycle after that. A step is sent each cycle, but that
/// the first one of a channel waits until all of the channel's weights are there (`available`).
#[derive(LogicBlock)]
pub struct IsWalker {
    pub clock: Wire<In, Clk>,
    pub tile_layer: TileLayer,
    pub position_layer: PositionLayer,
    pub tap_step: Wire<In>,
    /// Ifmap rows from a block of the ifmap to the next, and places from an image of a bank to the next.
    pub block_step: Wire<In>,
    pub image_places: Wire<In>,
    // Passes
    pub put: Wire<In>,
    /// Words 3 to 6 of the command that is `put`.
    pub command: Vec<Wire<In>>,
    pub pairs: Wire<Out>,
    pub pass: PassInWork,
    pub busy: Wire<Out>,
    /// All weights of a channel that has not begun are in their buffer.
    pub available: Wire<In>,
    /// How many these are.
    pub taps: Wire<Out>,
    // Step
    pub step: Wire<Out>,
    /// It is the first of its channel, and the last one.
    pub takes: Wire<Out>,
    pub frees: Wire<Out>,
    /// It is the first to use its words.
    pub reads: Wire<Out>,
    pub address: Wire<Out>,
    /// Ifmap row of the array's first row, and rows of the ifmap tile.
    pub line: Wire<Out>,
    pub height: Wire<Out>,
    /// Ofmap row of the first row's product.
    pub row: Wire<Out>,
    pub tap: Wire<Out>,
    pub place: Wire<Out>,
    pub turn: Wire<Out>,
    pub half: Wire<Out>,
    /// It is the last one before its half is drained, and the last one of a tile that is free then.
    pub ends: Wire<Out>,
    pub ends_tile: Wire<Out>,
    passes: IsPasses,
    strips: IsStripLoops,
    taps_of: IsTapLoops,
    running: Reg,
    opens_channel: Reg,
    tile_rows: Reg,
    go: Wire<Local>,
    ends_strip: Wire<Local>,
    ends_channel: Wire<Local>,
    ends_pass: Wire<Local>,
    words: Const,
}

impl IsWalker {
    /// The walker for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (address, place) = (address_bits(arch.port_words()), address_bits(arch.bank_places()));
        let taps = tap_bits(arch);
        IsWalker {
            clock: Default::default(),
            tile_layer: TileLayer::new(arch),
            position_layer: PositionLayer::new(arch),
            tap_step: Wire::unsigned(16),
            block_step: Wire::unsigned(16),
            image_places: Wire::unsigned(place),
            put: Wire::bit(),
            command: (0..4).map(|_| Wire::unsigned(64)).collect(),
            pairs: Wire::unsigned(16),
            pass: PassInWork::new(arch),
            busy: Wire::bit(),
            available: Wire::bit(),
            taps: Wire::unsigned(taps),
            step: Wire::bit(),
            takes: Wire::bit(),
            frees: Wire::bit(),
            reads: Wire::bit(),
            address: Wire::unsigned(address),
            line: Wire::signed(COORDINATE_BITS),
            height: Wire::unsigned(16),
            row: Wire::signed(COORDINATE_BITS),
            tap: Wire::unsigned(taps),
            place: Wire::unsigned(place),
            turn: Wire::unsigned(address_bits(arch.rows)),
            half: Wire::bit(),
            ends: Wire::bit(),
            ends_tile: Wire::bit(),
            passes: IsPasses::new(arch),
            strips: IsStripLoops::new(arch),
            taps_of: IsTapLoops::new(arch),
            running: Reg::bit(),
            opens_channel: Reg::bit(),
            tile_rows: Reg::unsigned(16),
            go: Wire::bit(),
            ends_strip: Wire::bit(),
            ends_channel: Wire::bit(),
            ends_pass: Wire::bit(),
            words: Const::new(4),
        }
    }
}

impl Logic for IsWalker {
    describe!("is_walker", "Turns a pass into steps: channels, blocks of ifmap rows, columns and taps.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, running, opens_channel, tile_rows);
        self.passes.clock.next = self.clock.val();
        self.strips.clock.next = self.clock.val();
        self.taps_of.clock.next = self.clock.val();
        self.passes.put.next = self.put.val();
        for i in 0..self.words.index() {
            self.passes.command[i].next = self.command[i].val();
        }
        self.passes.begin.next = self.pass.begin.val();
        self.pairs.next = self.passes.pairs.val();
        self.taps.next = self.passes.taps.val();

        // Constants of the loops
        self.strips.filter_rows_m1.next = self.tile_layer.filter_rows_m1.val();
        self.strips.stride_h.next = self.position_layer.stride_h.val();
        self.strips.windows_m1.next = self.position_layer.windows_m1.val();
        self.strips.images_m1.next = self.position_layer.images_m1.val();
        self.strips.row_width.next = self.tile_layer.row_width.val();
        self.strips.group_stride.next = self.tile_layer.group_stride.val();
        self.strips.image_stride.next = self.position_layer.image_stride.val();
        self.strips.row_step.next = self.position_layer.row_step.val();
        self.strips.block_step.next = self.block_step.val();
        self.strips.image_places.next = self.image_places.val();
        self.strips.tile.next = self.pass.tile.val();
        self.strips.channels.next = self.pass.channels.val();
        self.strips.y_start.next = self.pass.y_start.val();
        self.strips.first_row.next = self.passes.first_row.val();
        self.strips.first_place.next = self.passes.first_place.val();
        self.strips.blocks_m1.next = self.passes.blocks_m1.val();
        self.taps_of.filter_rows_m1.next = self.tile_layer.filter_rows_m1.val();
        self.taps_of.stride_h.next = self.position_layer.stride_h.val();
        self.taps_of.stride_w.next = self.position_layer.stride_w.val();
        self.taps_of.windows_m1.next = self.position_layer.windows_m1.val();
        self.taps_of.tap_step.next = self.tap_step.val();
        self.taps_of.filter_cols.next = self.passes.filter_cols.val();
        self.taps_of.columns_m1.next = self.passes.columns_m1.val();
        self.taps_of.phase.next = self.passes.phase.val();
        self.taps_of.base.next = self.passes.base.val();
        self.taps_of.base_tap.next = self.passes.base_tap.val();
        self.taps_of.first_tap.next = self.passes.first_tap.val();
        self.taps_of.window.next = self.passes.window.val();
        self.taps_of.rotation.next = self.passes.rotation.val();
        self.taps_of.first_row.next = self.strips.phase.val();

        // A step is sent
        self.go.next =
            (self.running.q.val().any() && (!self.opens_channel.q.val().any() || self.available.val().any())).into();
        self.ends_strip.next = self.go.val() & self.taps_of.last.val();
        self.ends_channel.next = self.ends_strip.val() & self.strips.ends_channel.val();
        self.ends_pass.next = self.ends_strip.val() & self.strips.last.val();
        self.taps_of.advance.next = self.go.val();
        self.strips.advance.next = self.ends_strip.val();
        self.busy.next = self.running.q.val();
        self.step.next = self.go.val();
        self.takes.next = self.go.val() & self.opens_channel.q.val();
        self.frees.next = self.ends_channel.val();
        self.reads.next = self.go.val() & self.taps_of.takes.val();
        self.address.next = self.strips.address.val() + self.taps_of.offset.val();
        self.line.next = self.strips.line.val();
        self.height.next = self.tile_rows.q.val();
        self.row.next = self.strips.row.val() - self.taps_of.above.val();
        self.tap.next = self.taps_of.tap.val();
        self.place.next = self.strips.place.val() + self.taps_of.place.val();
        self.turn.next = self.taps_of.turn.val();
        self.half.next = self.pass.half.val();
        self.ends.next = self.ends_pass.val() & self.pass.ends.val();
        self.ends_tile.next = self.ends_pass.val() & self.pass.frees.val();

        // A pass, a channel begins
        self.strips.start.next = self.pass.begin.val();
        self.taps_of.start.next = self.pass.begin.val();
        if self.go.val().any() {
            self.opens_channel.d.next = self.ends_channel.val();
        }
        if self.ends_pass.val().any() {
            self.running.d.next = false.into();
        }
        if self.pass.begin.val().any() {
            self.running.d.next = true.into();
            self.opens_channel.d.next = true.into();
            self.tile_rows.d.next = self.pass.rows.val();
        }
    }
}
