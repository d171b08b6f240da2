use super::command::pass;
use super::{
    control, ArrayTiming, MatrixAccumulators, MatrixDrainPath, MatrixEvents, MatrixLayerRegisters, MatrixPasses,
    MatrixWalker, MatrixWeightLoader,
};
use crate::arch::{Arch, Dataflow, FILTER_BUS_WORDS};
use crate::array::event_bits;
use crate::conv2d::ConvArray;
use crate::is::IsArray;
use crate::nlr::NlrArray;
use crate::os::{OsArray, OsPixelArray, OsPlaneArray};
use crate::program::{flag, COMMAND_WORDS};
use crate::rtl::prelude::*;
use crate::sequencer::FilterStaging;
use crate::ws::WsArray;

crate::slices! {
    /// The fields of `PASS`, at the widths of `arch`.
    pub struct MatrixPassFields, "matrix_pass_fields", "Fields of a PASS command.";
    fn new(arch: &Arch);
    words 1..4;
    tile: pass::TILE, address_bits(arch.port_words());
    x_start: pass::X_START, 16;
    c_valid: pass::C_VALID, 16;
    y_start: pass::Y_START, 16;
    rows: pass::ROWS, 16;
    psum: pass::PSUM, arch.line_bits();
}

/// The core of an array that multiplies by a matrix, seen from the shell as [`crate::core`] has it. It has no tables of its own and reads no psums from the
/// buffer.
///
/// An array takes a position a cycle, or works out its own steps from the pass. It says `control_out` for each psum of a column, in the cycle that [`ArrayTiming`]
/// counts from, and no later than it has read the words that it is made of. Lines of weights come when it says `room`; one that takes positions says `full` when it
/// has the weight tile that is launched next. `macs` and `gated` are the rows that multiplied, or whose word was zero, and those of them that were gated.
///
/// Events, each by how much it happened, some cycles later: `MAC` and `IFMAP` are the activations that rows took (where their channel, or ofmap row, exists), times
/// columns; `GATED` those of them that were zero and gated, times columns; `FILTER` the words of weights that the array was given, in an output-stationary
/// one again for each position; `PSUM` the psums that accumulators added up; `HOP` the psums that went from PE to PE, added up or on their way out.
/// `ifmap_bus_words` are the activations that rows took, of which in the padding none is read from the buffer.
///
/// In an input-stationary array a row takes a word once for all of its MACs, of which there are none in the padding; `FILTER` are the words of each step; `PSUM` and `HOP` both
/// count MACs, each of which is scattered to a bank unless it is gated. Where all PEs work on one pixel, rows are those that have filters, and `FILTER` are a word for each of their PEs; all of them take the one
/// word on the bus.
///
/// With convolution engines `IFMAP` counts MACs, as a window's pixels go to the PEs of all columns, and `ifmap_bus_words` the pixels that engines took, each once for a window's taps.
#[derive(LogicBlock)]
pub struct MatrixCore {
    pub clock: Wire<In, Clk>,
    // Commands
    /// Words 1 to 7 of the current command.
    pub command: Vec<Wire<In>>,
    pub layer_write: Wire<In>,
    pub pass_valid: Wire<In>,
    pub pass_ready: Wire<Out>,
    pub flags: Wire<In>,
    // Semaphores: one-cycle pulses
    pub loaded_post: Wire<In>,
    pub ifmap_free_post: Wire<Out>,
    pub psum_free_post: Wire<In>,
    pub psum_done_post: Wire<Out>,
    /// No pass is queued or in work, and nothing is on its way through the array.
    pub idle: Wire<Out>,
    // Filter staging, a line of words at a time
    pub staging_valid: Wire<In>,
    pub staging_ready: Wire<Out>,
    pub staging_word: Vec<Wire<In>>,
    // Global buffer; names and latencies as in `Glb`
    pub port_read: Vec<Wire<Out>>,
    pub port_address: Vec<Wire<Out>>,
    /// `port_word` of the buffer.
    pub port_read_word: Vec<Wire<In>>,
    /// Words that the array takes, where ports read several at once.
    pub port_taken: Vec<Wire<Out>>,
    pub psum_write: Vec<Wire<Out>>,
    pub psum_write_line: Vec<Wire<Out>>,
    pub psum_write_word: Vec<Wire<Out>>,
    // What happened in an earlier cycle
    pub ifmap_bus_words: Wire<Out>,
    pub filter_bus_lines: Wire<Out>,
    pub events: Vec<Wire<Out>>,
    layer: MatrixLayerRegisters,
    pass: MatrixPassFields,
    staging: FilterStaging,
    loader: MatrixWeightLoader,
    passes: MatrixPasses,
    walker: Optional<MatrixWalker>,
    // The array, of one dataflow
    ws: Optional<WsArray>,
    nlr: Optional<NlrArray>,
    os: Optional<OsArray>,
    os_pixels: Optional<OsPixelArray>,
    os_planes: Optional<OsPlaneArray>,
    is: Optional<IsArray>,
    conv: Optional<ConvArray>,
    is_ws: Const,
    is_nlr: Const,
    is_os: Const,
    is_os_pixels: Const,
    is_os_planes: Const,
    is_is: Const,
    is_conv: Const,
    /// Several rows of psums leave a column one after the other.
    is_of_rows: Const,
    /// Columns have accumulators of their own, outside the array.
    is_accumulated: Const,
    is_walked: Const,
    accumulators: Optional<MatrixAccumulators>,
    drain: MatrixDrainPath,
    counts: MatrixEvents,
    /// Cycles until what was sent last has been accumulated.
    in_flight: Reg,
    free: Reg,
    line_moved: Reg,
    take: Wire<Local>,
    busy: Wire<Local>,
    /// A position or a step is sent; the walker has none to send.
    sends: Wire<Local>,
    sent: Wire<Local>,
    line_words: Wire<Local>,
    array_control: Wire<Local>,
    array_macs: Wire<Local>,
    array_gated: Wire<Local>,
    array_taken: Wire<Local>,
    ports: Const,
    /// Ports that read a word at once, and lanes of those that read several.
    narrow_ports: Const,
    port_lanes: Const,
    cols: Const,
    lanes: Const,
    command_words: Const,
    pass_words: Const,
    width: Const,
    width_2: Const,
    width_3: Const,
    flight: Const,
    free_bit: Const,
    weight_lines_at: Const,
    /// PEs of a column from which a psum goes on to the next one.
    hops: Const,
    event_count: Const,
    wait_loaded: Const,
    post_free: Const,
    first: Const,
    wait_psum_free: Const,
    post_psum_done: Const,
}

fn wires<D: Direction>(n: usize, bits: usize, signed: bool) -> Vec<Wire<D>> {
    (0..n).map(|_| Wire::of(bits, signed)).collect()
}

impl MatrixCore {
    /// The core of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (w, lanes, rows, ports) = (arch.width, arch.psum_lanes, arch.rows, arch.ifmap_ports());
        let counts = if arch.is_of_planes() { arch.ifmap_word_bits() } else { count_bits(rows) };
        let port_words = ports * arch.port_lanes();
        let bits = event_bits(arch.pes());
        let bit_of = |flag: u64| Const::new(flag.trailing_zeros() as usize);
        let flight = ArrayTiming::of(arch).flight;
        let is = |dataflow| arch.dataflow == dataflow;
        let is_conv = arch.conv2d.is_some();
        let (is_ws, is_nlr) = (is(Dataflow::Ws) && !is_conv, is(Dataflow::Nlr));
        let (is_os_pixels, is_os_planes, is_is) = (arch.is_of_pixels(), arch.is_of_planes(), is(Dataflow::Is));
        let is_os = is(Dataflow::Os) && !is_os_pixels && !is_os_planes;
        let is_walked = is_ws || is_nlr;
        let pass = MatrixPassFields::new(arch);
        MatrixCore {
            clock: Default::default(),
            command: wires(COMMAND_WORDS - 1, 64, false),
            layer_write: Wire::bit(),
            pass_valid: Wire::bit(),
            pass_ready: Wire::bit(),
            flags: Wire::unsigned(8),
            loaded_post: Wire::bit(),
            ifmap_free_post: Wire::bit(),
            psum_free_post: Wire::bit(),
            psum_done_post: Wire::bit(),
            idle: Wire::bit(),
            staging_valid: Wire::bit(),
            staging_ready: Wire::bit(),
            staging_word: wires(FILTER_BUS_WORDS, w, true),
            port_read: wires(ports, 1, false),
            port_address: wires(ports, address_bits(arch.port_words()), false),
            port_read_word: wires(port_words, w, true),
            port_taken: wires(is_os_planes as usize, counts, false),
            psum_write: wires(lanes, 1, false),
            psum_write_line: wires(lanes, arch.line_bits(), false),
            psum_write_word: wires(lanes, arch.psum_width, true),
            ifmap_bus_words: Wire::unsigned(counts),
            filter_bus_lines: Wire::bit(),
            events: bits.map(Wire::unsigned).into(),
            layer: MatrixLayerRegisters::new(arch),
            staging: FilterStaging::new(arch),
            loader: MatrixWeightLoader::new(arch),
            passes: MatrixPasses::new(arch),
            walker: Optional::new(is_walked, MatrixWalker::new(arch)),
            ws: Optional::new(is_ws, WsArray::new(arch)),
            nlr: Optional::new(is_nlr, NlrArray::new(arch)),
            os: Optional::new(is_os, OsArray::new(arch)),
            os_pixels: Optional::new(is_os_pixels, OsPixelArray::new(arch)),
            os_planes: Optional::new(is_os_planes, OsPlaneArray::new(arch)),
            is: Optional::new(is_is, IsArray::new(arch)),
            conv: Optional::new(is_conv, ConvArray::new(arch)),
            is_ws: Const::new(is_ws as usize),
            is_nlr: Const::new(is_nlr as usize),
            is_os: Const::new(is_os as usize),
            is_os_pixels: Const::new(is_os_pixels as usize),
            is_os_planes: Const::new(is_os_planes as usize),
            is_is: Const::new(is_is as usize),
            is_conv: Const::new(is_conv as usize),
            is_of_rows: Const::new(is(Dataflow::Os) as usize),
            is_accumulated: Const::new(!is_is as usize),
            is_walked: Const::new(is_walked as usize),
            accumulators: Optional::new(!is_is, MatrixAccumulators::new(arch)),
            drain: MatrixDrainPath::new(arch),
            counts: MatrixEvents::new(arch),
            in_flight: Reg::unsigned(count_bits(flight)),
            free: Reg::bit(),
            line_moved: Reg::bit(),
            take: Wire::bit(),
            busy: Wire::bit(),
            sends: Wire::bit(),
            sent: Wire::bit(),
            line_words: Wire::unsigned(FILTER_BUS_WORDS * w),
            array_control: Wire::unsigned(control::bits(arch)),
            array_macs: Wire::unsigned(counts),
            array_gated: Wire::unsigned(counts),
            array_taken: Wire::unsigned(counts),
            ports: Const::new(ports),
            narrow_ports: Const::new(if is_os_planes { 0 } else { ports }),
            port_lanes: Const::new(if is_os_planes { port_words } else { 0 }),
            cols: Const::new(arch.cols),
            lanes: Const::new(lanes),
            command_words: Const::new(COMMAND_WORDS - 1),
            pass_words: Const::new(pass.source.len()),
            pass,
            width: Const::new(w),
            width_2: Const::new(2 * w),
            width_3: Const::new(3 * w),
            flight: Const::new(flight),
            free_bit: Const::new(control::FREE),
            weight_lines_at: Const::new(pass::WEIGHT_LINES.low),
            hops: Const::new(if is_walked || is_conv { rows - 1 } else { 0 }),
            event_count: Const::new(bits.len()),
            wait_loaded: bit_of(flag::PASS_WAIT_LOADED),
            post_free: bit_of(flag::PASS_POST_FREE),
            first: bit_of(flag::PASS_FIRST),
            wait_psum_free: bit_of(flag::PASS_WAIT_PSUM_FREE),
            post_psum_done: bit_of(flag::PASS_POST_PSUM_DONE),
        }
    }
}

/// The wiring of the core, written once for all arrays.
macro_rules! matrix_core {
    (
        walkers: $($walker:ident if $has_walker:ident),+;
        arrays: $($array:ident if $built:ident),+;
        of_psums: $($with_psums:ident if $has_psums:ident),+;
        of_positions: $($positions:ident if $is_walked:ident),+;
        accumulators: $($accumulating:ident if $accumulates:ident),+
    ) => {
        impl Logic for MatrixCore {
            describe!("matrix_core", "Core of an array that multiplies by a matrix: walker, weights, array, accumulators.");

            #[hdl_gen]
            fn update(&mut self) {
                dff_setup!(self, clock, in_flight, free, line_moved);
                self.layer.clock.next = self.clock.val();
                self.staging.clock.next = self.clock.val();
                self.loader.clock.next = self.clock.val();
                self.passes.clock.next = self.clock.val();
                self.drain.clock.next = self.clock.val();

                // Layer constants
                self.layer.write.next = self.layer_write.val();
                for i in 0..self.command_words.index() {
                    self.layer.command[i].next = self.command[i].val();
                }
                self.loader.filter_rows_m1.next = self.layer.filter_rows_m1.val();
                self.loader.filter_cols_m1.next = self.layer.filter_cols_m1.val();
                self.loader.filters.next = self.layer.filters.val();
                self.drain.filters.next = self.layer.filters.val();
                self.drain.positions.next = self.layer.psum_filter_stride.val();
                if self.is_os_planes.val().any() {
                    // Lines of a pass's one filter, whatever its channels and taps; psums of all columns
                    self.loader.filter_rows_m1.next = 0.into();
                    self.loader.filter_cols_m1.next = 0.into();
                    self.drain.filters.next = self.cols.val();
                }

                // Passes
                for i in 0..self.pass_words.index() {
                    self.pass.source[i].next = self.command[i].val();
                }
                self.pass_ready.next = self.passes.pass_ready.val() & self.loader.pass_ready.val();
                self.take.next = self.pass_valid.val() & self.passes.pass_ready.val() & self.loader.pass_ready.val();
                self.loader.pass_valid.next = self.take.val();
                self.loader.c_valid.next = self.pass.c_valid.val();
                self.passes.pass_valid.next = self.take.val();
                self.passes.tile_in.next = self.pass.tile.val();
                self.passes.x_start_in.next = self.pass.x_start.val();
                self.passes.c_valid_in.next = self.pass.c_valid.val();
                self.passes.y_start_in.next = self.pass.y_start.val();
                self.passes.rows_in.next = self.pass.rows.val();
                self.passes.psum_in.next = self.pass.psum.val();
                self.passes.wait_loaded.next = self.flags.val() >> self.wait_loaded.val();
                self.passes.post_free.next = self.flags.val() >> self.post_free.val();
                self.passes.first.next = self.flags.val() >> self.first.val();
                self.passes.wait_psum_free.next = self.flags.val() >> self.wait_psum_free.val();
                self.passes.post_psum_done.next = self.flags.val() >> self.post_psum_done.val();
                self.passes.loaded_post.next = self.loaded_post.val();

                $(
                    if self.$has_walker.val().any() {
                        self.$walker.clock.next = self.clock.val();
                        self.$walker.tile_layer.filter_rows_m1.next = self.layer.filter_rows_m1.val();
                        self.$walker.tile_layer.filter_cols_m1.next = self.layer.filter_cols_m1.val();
                        self.$walker.tile_layer.row_width.next = self.layer.row_width.val();
                        self.$walker.tile_layer.group_stride.next = self.layer.group_stride.val();
                        self.$walker.position_layer.windows_m1.next = self.layer.windows_m1.val();
                        self.$walker.position_layer.rows_m1.next = self.layer.rows_m1.val();
                        self.$walker.position_layer.images_m1.next = self.layer.images_m1.val();
                        self.$walker.position_layer.stride_h.next = self.layer.stride_h.val();
                        self.$walker.position_layer.stride_w.next = self.layer.stride_w.val();
                        self.$walker.position_layer.row_width.next = self.layer.row_width.val();
                        self.$walker.position_layer.image_stride.next = self.layer.image_stride.val();
                        self.$walker.position_layer.row_step.next = self.layer.row_step.val();
                        self.$walker.pass.begin.next = self.passes.begin.val();
                        self.$walker.pass.tile.next = self.passes.tile.val();
                        self.$walker.pass.x_start.next = self.passes.x_start.val();
                        self.$walker.pass.channels.next = self.passes.channels.val();
                        self.$walker.pass.y_start.next = self.passes.y_start.val();
                        self.$walker.pass.rows.next = self.passes.rows.val();
                        self.$walker.pass.half.next = self.passes.half.val();
                        self.$walker.pass.fresh.next = self.passes.fresh.val();
                        self.$walker.pass.frees.next = self.passes.frees.val();
                        self.$walker.pass.ends.next = self.passes.ends.val();
                        self.busy.next = self.$walker.busy.val();
                        self.sends.next = self.$walker.sends.val();
                        self.sent.next = self.$walker.idle.val();
                    }
                )+
                self.passes.hold.next = self.busy.val();

                // Weights
                self.staging.clear.next = self.layer_write.val();
                self.staging.in_valid.next = self.staging_valid.val();
                self.staging_ready.next = self.staging.in_ready.val();
                for i in 0..4 {
                    self.staging.in_word[i].next = self.staging_word[i].val();
                }
                self.staging.out_ready.next = self.loader.in_ready.val();
                self.loader.in_valid.next = self.staging.out_valid.val();
                self.line_words.next =
                    (bit_cast(self.staging.out_word[3].val(), self.width.index()) << self.width_3.val())
                        | (bit_cast(self.staging.out_word[2].val(), self.width.index()) << self.width_2.val())
                        | (bit_cast(self.staging.out_word[1].val(), self.width.index()) << self.width.val())
                        | bit_cast(self.staging.out_word[0].val(), self.width.index());
                self.line_moved.d.next = self.loader.line_valid.val();
                self.filter_bus_lines.next = self.line_moved.q.val();

                // The array
                $(
                    if self.$built.val().any() {
                        self.$array.clock.next = self.clock.val();
                        self.$array.psum_shift.next = self.layer.psum_shift.val();
                        self.loader.room.next = self.$array.room.val();
                        for i in 0..self.ports.index() {
                            self.port_read[i].next = self.$array.ifmap_read[i].val();
                            self.port_address[i].next = self.$array.ifmap_address[i].val();
                        }
                        for i in 0..self.narrow_ports.index() {
                            self.$array.ifmap_read_word[i].next = self.port_read_word[i].val();
                        }
                        self.array_control.next = self.$array.control_out.val();
                        self.array_macs.next = self.$array.macs.val();
                        self.array_gated.next = self.$array.gated.val();
                        self.array_taken.next = self.$array.macs.val();
                    }
                )+
                $(
                    if self.$has_psums.val().any() {
                        for c in 0..self.cols.index() {
                            self.accumulators.psum_in[c].next = self.$with_psums.psum[c].val();
                        }
                    }
                )+
                $(
                    if self.$is_walked.val().any() {
                        self.$positions.position.control.next = self.walker.control.val();
                        self.$positions.position.inside.next = self.walker.inside.val();
                        self.$positions.position.left.next = self.walker.left.val();
                        self.$positions.position.address.next = self.walker.address.val();
                        self.$positions.launch.next = self.walker.launch.val();
                        self.walker.full.next = self.$positions.full.val();
                        self.$positions.line.valid.next = self.loader.line_valid.val();
                        self.$positions.line.end.next = self.loader.line_end.val();
                        self.$positions.line.row.next = self.loader.line_row.val();
                        self.$positions.line.group.next = self.loader.line_group.val();
                        self.$positions.line.words.next = self.line_words.val();
                    }
                )+
                if self.is_nlr.val().any() {
                    self.nlr.clear.next = self.layer_write.val();
                }
                if self.is_os.val().any() {
                    self.os.layer_write.next = self.layer_write.val();
                    self.os.command.next = self.command[5].val();
                    self.os.line_valid.next = self.loader.line_valid.val();
                    self.os.line_end.next = self.loader.line_end.val();
                    self.os.line_group.next = self.loader.line_group.val();
                    self.os.line_words.next = self.line_words.val();
                }
                for i in 0..self.is_os_pixels.index() {
                    self.os_pixels.layer_write.next = self.layer_write.val();
                    self.os_pixels.command.next = self.command[5].val();
                    self.os_pixels.line_valid.next = self.loader.line_valid.val();
                    self.os_pixels.line_end.next = self.loader.line_end.val();
                    self.os_pixels.line_row.next = self.loader.line_row.val();
                    self.os_pixels.line_group.next = self.loader.line_group.val();
                    self.os_pixels.line_words.next = self.line_words.val();
                    self.loader.filter_rows[i].next = self.os_pixels.filter_rows.val();
                    self.drain.filter_rows[i].next = self.os_pixels.filter_rows.val();
                }
                for i in 0..self.is_os_planes.index() {
                    self.os_planes.layer_write.next = self.layer_write.val();
                    for word in 0..6 {
                        self.os_planes.command[word].next = self.command[word + 1].val();
                    }
                    self.os_planes.line_valid.next = self.loader.line_valid.val();
                    self.os_planes.line_words.next = self.line_words.val();
                    self.loader.c_valid.next = self.command[2].val() >> self.weight_lines_at.val();
                    self.drain.windows_m1[i].next = self.layer.windows_m1.val();
                    self.drain.last_cols[i].next = self.os_planes.last_cols.val();
                    self.port_taken[i].next = self.os_planes.taken.val();
                }
                for i in 0..self.port_lanes.index() {
                    self.os_planes.ifmap_read_word[i].next = self.port_read_word[i].val();
                }
                if self.is_is.val().any() {
                    self.is.layer_write.next = self.layer_write.val();
                    self.is.command.next = self.command[5].val();
                    self.is.filters.next = self.layer.filters.val();
                    self.is.put.next = self.take.val();
                    for i in 0..4 {
                        self.is.pass_command[i].next = self.command[i + 2].val();
                    }
                    self.loader.c_valid.next = self.is.pairs.val();
                    self.is.line_valid.next = self.loader.line_valid.val();
                    self.is.line_end.next = self.loader.line_end.val();
                    self.is.line_group.next = self.loader.line_group.val();
                    self.is.line_words.next = self.line_words.val();
                    self.array_taken.next = self.is.taken.val();
                }
                if self.is_conv.val().any() {
                    self.conv.layer_write.next = self.layer_write.val();
                    for i in 0..3 {
                        self.conv.command[i].next = self.command[i + 4].val();
                    }
                    self.conv.windows.next = self.layer.psum_filter_stride.val();
                    self.conv.line_valid.next = self.loader.line_valid.val();
                    self.conv.line_end.next = self.loader.line_end.val();
                    self.conv.line_row.next = self.loader.line_row.val();
                    self.conv.line_group.next = self.loader.line_group.val();
                    self.conv.line_words.next = self.line_words.val();
                }
                for i in 0..self.is_of_rows.index() {
                    self.accumulators.windows_m1[i].next = self.layer.windows_m1.val();
                    if self.is_os_pixels.val().any() {
                        self.accumulators.windows_m1[i].next = self.layer.psum_filter_stride.val() - 1;
                    }
                }
                self.free.d.next = (self.array_control.val().get_bit(0)
                    && self.array_control.val().get_bit(self.free_bit.val()))
                .into();
                self.ifmap_free_post.next = self.free.q.val();

                // Accumulators
                if self.is_accumulated.val().any() {
                    self.accumulators.clock.next = self.clock.val();
                    self.accumulators.control.next = self.array_control.val();
                }
                $(
                    if self.$accumulates.val().any() {
                        self.drain.ended.next = self.$accumulating.ended.val();
                        self.$accumulating.drain_half.next = self.drain.half.val();
                        self.$accumulating.drain_place.next = self.drain.place.val();
                        for c in 0..self.cols.index() {
                            self.$accumulating.column_read[c].next = self.drain.column_read[c].val();
                            self.drain.column_word[c].next = self.$accumulating.column_word[c].val();
                        }
                    }
                )+
                self.drain.drain_put.next = self.passes.drain_put.val();
                self.drain.drain_half.next = self.passes.drain_half.val();
                self.drain.drain_waits.next = self.passes.drain_waits.val();
                self.drain.drain_line.next = self.passes.drain_line.val();
                self.drain.psum_free_post.next = self.psum_free_post.val();
                self.psum_done_post.next = self.drain.psum_done_post.val();
                self.passes.drained.next = self.drain.drained.val();
                self.passes.drained_half.next = self.drain.drained_half.val();
                for l in 0..self.lanes.index() {
                    self.psum_write[l].next = self.drain.psum_write[l].val();
                    self.psum_write_line[l].next = self.drain.psum_write_line[l].val();
                    self.psum_write_word[l].next = self.drain.psum_write_word[l].val();
                }

                // What is on its way
                if self.sends.val().any() {
                    self.in_flight.d.next = self.flight.val();
                } else if self.in_flight.q.val().any() {
                    self.in_flight.d.next = self.in_flight.q.val() - 1;
                }
                self.idle.next = (self.passes.idle.val().any()
                    && self.sent.val().any()
                    && self.loader.idle.val().any()
                    && self.drain.idle.val().any()
                    && !self.in_flight.q.val().any())
                .into();

                // Events
                self.ifmap_bus_words.next = self.array_taken.val();
                if self.is_conv.val().any() {
                    self.ifmap_bus_words.next = self.conv.taken.val();
                }
                if self.is_os_pixels.val().any() {
                    self.ifmap_bus_words.next = self.array_taken.val().any().into();
                }
                if self.is_os_planes.val().any() {
                    self.ifmap_bus_words.next = self.os_planes.bus_words.val();
                }
                self.counts.clock.next = self.clock.val();
                self.counts.macs.next = self.array_macs.val();
                self.counts.gated.next = self.array_gated.val();
                self.counts.taken.next = self.array_taken.val();
                self.counts.words.next = self.loader.words.val();
                self.counts.psums.next = bit_cast(self.array_control.val(), 1);
                self.counts.moves.next = 0.into();
                if self.array_control.val().get_bit(0) {
                    self.counts.moves.next = self.hops.val();
                }
                if self.is_os.val().any() {
                    self.counts.words.next = 0.into();
                    if self.os.weights_read.val().any() {
                        self.counts.words.next = self.cols.val();
                    }
                    self.counts.moves.next = self.os.moves.val();
                }
                if self.is_os_pixels.val().any() {
                    self.counts.words.next = 0.into();
                    if self.os_pixels.weights_read.val().any() {
                        self.counts.words.next = self.os_pixels.filter_rows.val() * self.cols.val();
                    }
                    self.counts.moves.next = self.os_pixels.moves.val();
                }
                if self.is_os_planes.val().any() {
                    self.counts.words.next = self.os_planes.weights_read.val();
                    self.counts.moves.next = self.os_planes.moves.val();
                }
                if self.is_is.val().any() {
                    self.counts.words.next = 0.into();
                    if self.is.weights_read.val().any() {
                        self.counts.words.next = self.cols.val();
                    }
                    self.counts.psums.next = self.array_macs.val();
                    self.counts.moves.next = self.array_macs.val();
                }
                for i in 0..self.event_count.index() {
                    self.events[i].next = self.counts.events[i].val();
                }
            }
        }
    };
}

matrix_core! {
    walkers: walker if is_walked, os if is_os, os_pixels if is_os_pixels, os_planes if is_os_planes, is if is_is, conv if is_conv;
    arrays: ws if is_ws, nlr if is_nlr, os if is_os, os_pixels if is_os_pixels, os_planes if is_os_planes, is if is_is, conv if is_conv;
    of_psums: ws if is_ws, nlr if is_nlr, os if is_os, os_pixels if is_os_pixels, os_planes if is_os_planes, conv if is_conv;
    of_positions: ws if is_ws, nlr if is_nlr;
    accumulators: accumulators if is_accumulated, is if is_is
}
