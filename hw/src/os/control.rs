use super::step_flags::{READ, WORD};
use super::{OsLayerRegisters, OsStepFlags, OsStepLoops, OsWalker, OsWeightRing};
use crate::matrix::{control, PassInWork, PositionLayer, TileLayer, COORDINATE_BITS};
use crate::rtl::prelude::*;
use crate::Arch;

/// What [`super::OsArray`] and [`super::OsPixelArray`] have in common: their steps, one after the other, with what each reads and where its weights are.
///
/// `source`, `address`, `y`, `height`, `inside` and `rows` are those of the `step` that is sent in a cycle; flags of it come as [`OsStepFlags`] has them, its psums' control as [`super::OsLeaving`] does.
#[derive(LogicBlock)]
pub struct OsControl {
    pub clock: Wire<In, Clk>,
    // Layer constants
    pub tile_layer: TileLayer,
    pub position_layer: PositionLayer,
    pub layer_write: Wire<In>,
    /// Word 6 of the LAYER command.
    pub command: Wire<In>,
    pub last_rows: Wire<Out>,
    // Pass
    pub pass: PassInWork,
    pub busy: Wire<Out>,
    // Step
    pub step: Wire<Out>,
    /// All rows read their words; otherwise the last row alone, from the port `source`.
    pub head: Wire<Out>,
    pub source: Wire<Out>,
    pub address: Wire<Out>,
    /// Ifmap row of the array's first row, and rows of the ifmap tile.
    pub y: Wire<Out>,
    pub height: Wire<Out>,
    /// Its column lies within the ifmap.
    pub inside: Wire<Out>,
    /// Rows of the array that have psums of it.
    pub rows: Wire<Out>,
    // Flags
    pub word: Wire<Out>,
    pub begins: Wire<Out>,
    pub leaves: Wire<Out>,
    // Weights
    pub room: Wire<Out>,
    pub line_end: Wire<In>,
    pub write_place: Wire<Out>,
    pub read: Wire<Out>,
    pub read_place: Wire<Out>,
    // Psums
    pub control_out: Wire<Out>,
    pub moves: Wire<Out>,
    layer: OsLayerRegisters,
    walker: OsWalker,
    steps: OsStepLoops,
    flags: OsStepFlags,
    ring: OsWeightRing,
    x: Wire<Local>,
}

impl OsControl {
    /// That of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (rows, place) = (count_bits(arch.rows), address_bits(arch.weight_steps()));
        OsControl {
            clock: Default::default(),
            tile_layer: TileLayer::new(arch),
            position_layer: PositionLayer::new(arch),
            layer_write: Wire::bit(),
            command: Wire::unsigned(64),
            last_rows: Wire::unsigned(rows),
            pass: PassInWork::new(arch),
            busy: Wire::bit(),
            step: Wire::bit(),
            head: Wire::bit(),
            source: Wire::unsigned(address_bits(arch.ifmap_ports())),
            address: Wire::unsigned(address_bits(arch.port_words())),
            y: Wire::signed(COORDINATE_BITS),
            height: Wire::unsigned(16),
            inside: Wire::bit(),
            rows: Wire::unsigned(rows),
            word: Wire::bit(),
            begins: Wire::bit(),
            leaves: Wire::bit(),
            room: Wire::bit(),
            line_end: Wire::bit(),
            write_place: Wire::unsigned(place),
            read: Wire::bit(),
            read_place: Wire::unsigned(place),
            control_out: Wire::unsigned(control::bits(arch)),
            moves: Wire::unsigned(rows),
            layer: OsLayerRegisters::new(arch),
            walker: OsWalker::new(arch),
            steps: OsStepLoops::new(arch),
            flags: OsStepFlags::new(WORD, READ),
            ring: OsWeightRing::new(arch),
            x: Wire::signed(COORDINATE_BITS),
        }
    }
}

impl Logic for OsControl {
    describe!("os_control", "The steps of an output-stationary array, and where their weights are.");

    #[hdl_gen]
    fn update(&mut self) {
        self.layer.clock.next = self.clock.val();
        self.walker.clock.next = self.clock.val();
        self.steps.clock.next = self.clock.val();
        self.flags.clock.next = self.clock.val();
        self.ring.clock.next = self.clock.val();
        self.layer.write.next = self.layer_write.val();
        self.layer.command.next = self.command.val();
        self.last_rows.next = self.layer.last_rows.val();

        // Steps
        TileLayer::link(&mut self.tile_layer, &mut self.steps.layer);
        PositionLayer::link(&mut self.position_layer, &mut self.walker.position_layer);
        PassInWork::link(&mut self.pass, &mut self.walker.pass);
        self.walker.window_step.next = self.position_layer.stride_w.val();
        self.walker.last_rows.next = self.layer.last_rows.val();
        self.walker.block_step.next = self.layer.block_step.val();
        self.walker.available.next = self.ring.available.val();
        self.walker.reads_ahead.next = false.into();
        self.walker.last.next = self.steps.last.val();
        self.walker.completes.next = self.steps.completes.val();
        self.steps.stride_h.next = self.position_layer.stride_h.val();
        self.steps.block_words.next = self.position_layer.row_step.val();
        self.steps.chunk_m1.next = self.layer.chunk_m1.val();
        self.steps.start.next = self.pass.begin.val();
        self.steps.channels.next = self.pass.channels.val();
        self.steps.advance.next = self.walker.step.val();
        self.steps.finishes.next = self.walker.finishes.val();
        self.busy.next = self.walker.busy.val();
        self.step.next = self.walker.step.val();
        self.head.next = self.steps.head.val();
        self.source.next = self.steps.source.val();
        self.address.next = self.walker.address.val() + self.steps.offset.val();
        self.x.next = self.walker.x.val() + self.steps.column.val();
        self.y.next = self.walker.y.val() + self.steps.line.val();
        self.height.next = self.walker.height.val();
        self.inside.next = (self.x.val() >= 0 && self.x.val() < self.position_layer.row_width.val()).into();
        self.rows.next = self.walker.rows.val();
        self.control_out.next = self.walker.control_out.val();
        self.moves.next = self.walker.moves.val();

        // Flags and weights
        self.flags.step.next = self.walker.step.val();
        self.flags.rewinds.next = self.walker.rewinds.val();
        self.flags.frees.next = self.walker.frees.val();
        self.flags.first.next = self.steps.first.val();
        self.flags.last.next = self.walker.ends.val();
        self.word.next = self.flags.word.val();
        self.begins.next = self.flags.begins.val();
        self.leaves.next = self.flags.leaves.val();
        self.read.next = self.flags.read.val();
        self.ring.line_end.next = self.line_end.val();
        self.room.next = self.ring.room.val();
        self.write_place.next = self.ring.write_place.val();
        self.ring.takes.next = self.walker.takes.val();
        self.ring.read.next = self.flags.read.val();
        self.ring.rewinds.next = self.flags.read_rewinds.val();
        self.ring.frees.next = self.flags.read_frees.val();
        self.read_place.next = self.ring.read_place.val();
    }
}
