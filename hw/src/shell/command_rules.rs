use crate::arch::{FILTER_BUS_WORDS, IMAGE_BITS, TILE_ROWS, WINDOW_BITS};
use crate::matrix::command as matrix;
use crate::os::PASSED_TAILS;
use crate::program::{field, filter, flag, layer, load, op, params, pass, store, table, Field};
use crate::rlc::SLOT_HEAD;
use crate::{Arch, CoreKind, Dataflow};

/// What the command unit asks of a field before it dispatches a command.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The commands that it is about.
    pub opcode: u64,
    /// Flags that these commands have, all of them.
    pub flags: u64,
    /// The field, or some bits of it.
    pub field: Field,
    /// Its least value.
    pub min: u64,
    /// Its greatest value.
    pub max: u64,
}

/// Rows that the store unit's table holds: in a row-stationary array as many as it has columns of PEs to end in, otherwise those of an ofmap
/// tile for each psum lane.
pub fn store_rows(arch: &Arch) -> usize {
    match arch.dataflow.core() {
        CoreKind::RowStationary => arch.pes(),
        CoreKind::Matrix => arch.psum_lanes * TILE_ROWS,
    }
}

fn range(opcode: u64, field: Field, min: u64, max: usize) -> Rule {
    Rule { opcode, flags: 0, field, min, max: max as u64 }
}

/// The lowest bits of an address or a stride are zero.
fn aligned(opcode: u64, f: Field, bytes: usize) -> Rule {
    range(opcode, field(f.word, f.low, bytes.ilog2() as usize), 0, 0)
}

/// Flags that these commands do not have together: whatever a bit of their first field is, it is wrong.
fn never(opcode: u64, flags: u64) -> Rule {
    Rule { flags, ..range(opcode, field(1, 0, 1), 1, 0) }
}

/// The rules of `LAYER` and `PASS` of row-stationary arrays.
fn row_stationary(arch: &Arch) -> Vec<Rule> {
    let mut rules = vec![
        range(op::LAYER, layer::TAPS_M1, 0, arch.ifmap_spad - 1),
        range(op::LAYER, layer::STEP, 1, arch.ifmap_spad),
        range(op::LAYER, layer::FILTERS_M1, 0, arch.filter_spad - 1),
        range(op::LAYER, layer::FILTER_WORDS, 1, arch.filter_spad),
        range(op::LAYER, layer::WINDOWS_M1, 0, (1 << WINDOW_BITS) - 1),
        range(op::LAYER, layer::IMAGES_M1, 0, (1 << IMAGE_BITS) - 1),
        range(op::LAYER, layer::PSUM_SHIFT, 0, 2 * arch.width - 1),
        range(op::LAYER, layer::IFMAP_BANKS, 0, arch.banks),
        range(op::LAYER, layer::CHANNELS_M1, 0, arch.ifmap_spad - 1),
        range(op::LAYER, layer::STREAMS_M1, 0, arch.pes() - 1),
        range(op::LAYER, layer::FILTER_Y_M1, 0, arch.rows - 1),
        range(op::LAYER, layer::FILTER_X_M1, 0, arch.cols - 1),
        range(op::LAYER, layer::FILTER_LINES_M1, 0, arch.filter_spad.div_ceil(FILTER_BUS_WORDS) - 1),
        range(op::PASS, pass::DISTANCE, 1, u64::MAX as usize),
    ];
    rules.extend((0..arch.psum_lanes).map(|lane| range(op::LAYER, layer::sources(lane), 0, arch.lane_sources())));
    rules
}

/// The rules of `LAYER` and `PASS` of arrays that multiply by a matrix. That images · rows · windows are no more than the accumulators hold is for the
/// mapper to see to; the psums past the end are dropped or wrong, as many as `PSUM_FILTER_STRIDE` are written back.
fn matrix_rules(arch: &Arch) -> Vec<Rule> {
    let mut rules = vec![
        range(op::LAYER, matrix::layer::WINDOWS_M1, 0, (1 << WINDOW_BITS) - 1),
        range(op::LAYER, matrix::layer::IMAGES_M1, 0, (1 << IMAGE_BITS) - 1),
        range(op::LAYER, matrix::layer::PSUM_SHIFT, 0, 2 * arch.width - 1),
        range(op::LAYER, matrix::layer::ROWS_M1, 0, TILE_ROWS - 1),
        range(op::LAYER, matrix::layer::FILTERS, 1, arch.cols.min(arch.pass_filters())),
        range(op::LAYER, matrix::layer::PSUM_FILTER_STRIDE, 1, arch.tile_positions()),
        range(op::PASS, matrix::pass::C_VALID, 1, u64::MAX as usize),
    ];
    if arch.dataflow == Dataflow::Os {
        rules.push(range(op::LAYER, matrix::layer::CHUNK_M1, 0, arch.weight_steps() - 1));
        rules.push(range(op::LAYER, matrix::layer::LAST_ROWS, 1, arch.rows));
    }
    if arch.is_of_planes() {
        rules.extend([
            range(op::LAYER, matrix::layer::TAILS, 0, PASSED_TAILS),
            range(op::LAYER, matrix::layer::LAST_COLS, 1, arch.cols),
            range(op::LAYER, matrix::layer::FETCHES_M1, 0, arch.cols - 1),
            range(op::LAYER, matrix::layer::LONG_PHASES_W, 1, u64::MAX as usize),
            range(op::LAYER, matrix::layer::PHASE_TAPS_W, 1, u64::MAX as usize),
            range(op::PASS, matrix::pass::WEIGHT_LINES, 1, u64::MAX as usize),
        ]);
    }
    if arch.conv2d.is_some() {
        for field in [
            matrix::layer::LONG_PHASES_H,
            matrix::layer::PHASE_TAPS_H,
            matrix::layer::LONG_PHASES_W,
            matrix::layer::PHASE_TAPS_W,
        ] {
            rules.push(range(op::LAYER, field, 1, u64::MAX as usize));
        }
    }
    if arch.dataflow == Dataflow::Is {
        rules.push(range(op::PASS, matrix::pass::TAPS, 1, arch.weight_steps()));
        rules.push(range(op::PASS, matrix::pass::PAIRS, 1, u64::MAX as usize));
        rules.push(range(op::PASS, matrix::pass::ROTATION, 0, arch.rows - 1));
    }
    rules
}

/// Every rule about a field that can be broken.
pub fn rules(arch: &Arch) -> Vec<Rule> {
    let line_bytes = FILTER_BUS_WORDS * arch.word_bytes();
    let raw = |f, bytes| Rule { flags: flag::STORE_RAW, ..aligned(op::STORE, f, bytes) };
    let slot = |opcode, flags, f| Rule { flags, ..aligned(opcode, f, SLOT_HEAD) };
    let mut rules = match arch.dataflow.core() {
        CoreKind::RowStationary => row_stationary(arch),
        CoreKind::Matrix => matrix_rules(arch),
    };
    rules.extend([
        aligned(op::LOAD, load::ADDRESS, arch.word_bytes()),
        aligned(op::LOAD, load::INNER_BYTES, arch.word_bytes()),
        aligned(op::LOAD, load::OUTER_BYTES, arch.word_bytes()),
        aligned(op::FILTER, filter::ADDRESS, 16),
        aligned(op::FILTER, filter::BYTES, line_bytes),
        range(op::FILTER, filter::BYTES, 1, u64::MAX as usize),
        aligned(op::PARAMS, params::ADDRESS, 16),
        range(op::PARAMS, params::COUNT, 1, params::DEPTH),
        aligned(op::STORE, store::ADDRESS, arch.word_bytes()),
        aligned(op::STORE, store::FILTER_BYTES, arch.word_bytes()),
        aligned(op::STORE, store::IMAGE_BYTES, arch.word_bytes()),
        aligned(op::STORE, store::ROW_BYTES, arch.word_bytes()),
        raw(store::ADDRESS, arch.psum_bytes()),
        raw(store::FILTER_BYTES, arch.psum_bytes()),
        raw(store::IMAGE_BYTES, arch.psum_bytes()),
        raw(store::ROW_BYTES, arch.psum_bytes()),
        slot(op::LOAD, flag::LOAD_RLC, load::ADDRESS),
        slot(op::STORE, flag::STORE_RLC, store::ADDRESS),
        never(op::STORE, flag::STORE_RAW | flag::STORE_RLC),
        Rule { flags: flag::STORE_RLC, ..range(op::STORE, store::VALID, 1, u64::MAX as usize) },
        range(op::STORE, store::WINDOWS_M1, 0, (1 << WINDOW_BITS) - 1),
        range(op::STORE, store::ROWS_M1, 0, store_rows(arch) - 1),
        range(op::STORE, store::IMAGES_M1, 0, (1 << IMAGE_BITS) - 1),
        range(op::STORE, store::GROUPS_M1, 0, params::DEPTH - 1),
        range(op::STORE, store::FILTERS_M1, 0, params::DEPTH - 1),
        range(op::STORE, store::PARAM, 0, params::DEPTH - 1),
        range(op::STORE, store::VALID, 0, params::DEPTH),
        range(op::STORE, store::GROUP_ROWS, 0, store_rows(arch)),
    ]);
    if !arch.masks {
        rules.extend([never(op::LOAD, flag::LOAD_MASKS), never(op::STORE, flag::STORE_MASKS)]);
    }
    rules.retain(|rule| rule.field.bits > 0 && (rule.min > 0 || rule.max < rule.field.mask()));
    rules
}

/// The tables that exist and the entries that each holds.
pub fn tables(arch: &Arch) -> Vec<(u64, usize)> {
    let store = (table::STORE, store_rows(arch));
    if arch.dataflow.core() == CoreKind::Matrix {
        return vec![store];
    }
    let mut tables = vec![(table::CHAIN, arch.rows * (arch.cols + 1)), (table::IFMAP, arch.pes()), store];
    tables.extend((0..arch.psum_lanes).map(|lane| (table::PSUM + lane as u64, arch.lane_sources())));
    tables
}

/// The opcodes that exist.
pub const OPCODES: [u64; 8] = [op::LAYER, op::TABLE, op::LOAD, op::FILTER, op::PASS, op::PARAMS, op::STORE, op::END];
