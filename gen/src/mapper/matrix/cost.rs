//! How long a plan takes, in closed form.

use super::super::link::Link;
use super::super::overheads::{COMMAND, END, OUTSTANDING, READ, REQUEST, START, STORE};
use super::super::tally::pieces;
use super::super::{Bound, Cost};
use super::planes::window_turns;
use super::schedule::Section;
use super::MatrixPlan;
use hw::arch::FILTER_BUS_WORDS;
use hw::matrix::ArrayTiming;
use hw::program::COMMAND_BYTES;
use hw::{Arch, Dataflow};

/// Cycles of a weight tile at the least, for the accumulators.
const SHORTEST: u64 = 4;
/// Cycles from a weight tile's launch to the first line of the next one's weights, beside one for each column (`hw::ws`).
const SWAP: u64 = 3;
/// The same of convolution engines (`hw::conv2d`).
const ENGINE_SWAP: u64 = 5;

/// Cycles between the passes of an array that holds words.
const BETWEEN: u64 = 1;

/// Cycles that the weights of a tile take to load, from the launch of the one before on if they have to wait for it.
fn weight_cycles(arch: &Arch, lines: u64) -> u64 {
    match arch.dataflow {
        Dataflow::Nlr | Dataflow::Os | Dataflow::Is => lines,
        _ if arch.conv2d.is_some() => ENGINE_SWAP + lines,
        _ => arch.cols as u64 + SWAP + lines,
    }
}

/// Weights that the array has at a time, of a pass on one of a group's ifmap tiles: weight tiles, or chunks of steps.
struct Weights {
    /// How many there are that are alike.
    count: u64,
    /// Lines of each.
    lines: u64,
    /// Steps of a position, and cycles in which it sends none.
    steps: u64,
    fetches: u64,
}

impl MatrixPlan {
    fn weights(&self) -> Vec<Weights> {
        let (shape, segments) = (&self.shape, self.height_segments() as u64);
        let (taps, lines) = ((self.pass_rows * shape.s) as u64, self.row_lines() as u64);
        let c = shape.c_per_group();
        let mut weights = Vec::new();
        for first in (0..c).step_by(self.mapping.channels) {
            let channels = self.mapping.channels.min(c - first);
            if self.is_of_steps() || self.is_of_inputs() {
                weights.extend(self.chunks(channels).map(|(pairs, count)| {
                    let steps = (pairs * self.channel_parts_and_steps().1) as u64;
                    let lines =
                        if self.is_of_planes() { steps.div_ceil(FILTER_BUS_WORDS as u64) } else { steps * lines };
                    Weights { count: segments * count as u64, lines, steps, fetches: (pairs * self.fetches()) as u64 }
                }));
            } else {
                weights.extend(self.channel_groups(channels).map(|(count, channels)| Weights {
                    count: segments * taps * count as u64,
                    lines: lines * channels as u64,
                    steps: 1,
                    fetches: 0,
                }));
            }
        }
        weights
    }

    /// Channel groups of so many channels: how many of how many each.
    fn channel_groups(&self, channels: usize) -> [(usize, usize); 2] {
        let most = self.arch.channels_at_a_time();
        [(channels / most, most), (usize::from(!channels.is_multiple_of(most)), channels % most)]
    }

    /// The same of all tiles of a group's channels.
    fn all_channel_groups(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        pieces(self.shape.c_per_group(), self.mapping.channels).flat_map(|(channels, tiles)| {
            self.channel_groups(channels).map(|(count, channels)| ((tiles * count) as u64, channels as u64))
        })
    }

    /// Whether tiles are narrow: where words are held, as a bank has few places; where all PEs work on one plane, as groups of windows are narrow.
    fn has_short_rows(&self) -> bool {
        self.is_of_inputs() || self.is_of_planes()
    }

    /// Positions that the array goes through in a section's pass, and cycles of each at the least.
    fn turns(&self, section: &Section) -> (u64, u64) {
        let rows = self.block_lines(section.lines).next().unwrap_or(1) as u64;
        match self.is_of_steps() || self.is_of_inputs() {
            true => (self.array_positions(section) as u64, SHORTEST.max(rows)),
            false => (section.positions() as u64, 1),
        }
    }
}

/// What a plan's program does, in all.
#[derive(Default)]
struct Sums {
    /// Cycles in which positions stream past weights, in which they wait for words, that weights take to load, and of both side by side.
    streaming: u64,
    fetching: u64,
    weights: u64,
    array: u64,
    /// Psums that the busiest lane writes to the buffer, and that the store unit reads.
    drained: u64,
    stored: u64,
    /// Ifmap words that are loaded, in so many tiles, and, where tiles are narrow, in so many rows of so many beats in all.
    loaded: u64,
    loads: u64,
    rows: u64,
    row_beats: u64,
    /// Ofmap tiles of `m` filters.
    outputs: u64,
}

impl Sums {
    fn of(plan: &MatrixPlan) -> Sums {
        let (shape, arch, mapping) = (&plan.shape, &plan.arch, &plan.mapping);
        let weights = if plan.is_of_inputs() || plan.is_of_engines() { vec![] } else { plan.weights() };
        let outputs_of_place = (shape.groups * plan.filter_groups) as u64;
        let times = if plan.group_tiles() == 1 { 1 } else { plan.filter_groups };
        let segments = plan.height_segments();
        let mut sums = Sums::default();
        for section in plan.sections() {
            let (places, positions) = (section.places.len() as u64, section.positions() as u64);
            let outputs = places * outputs_of_place;
            let (turns, least) = plan.turns(&section);
            if plan.is_of_inputs() {
                sums.add_held(plan, &section);
            }
            if plan.is_of_engines() {
                sums.add_engines(plan, &section, outputs);
            }
            for &Weights { count, lines, steps, fetches } in &weights {
                let load = weight_cycles(arch, lines);
                sums.streaming += outputs * count * turns * steps;
                sums.fetching += outputs * count * turns * fetches;
                sums.weights += outputs * count * load;
                sums.array += outputs * count * (turns * (steps + fetches).max(least)).max(load).max(SHORTEST);
            }
            sums.drained += outputs * (mapping.lane_filters(arch) as u64) * positions;
            sums.stored += places * shape.m as u64 * positions;
            let rows = segments * plan.spanned_rows(section.lines).min(shape.h);
            sums.loaded += places * (times * section.images * shape.c * rows * section.tile_width) as u64;
            sums.loads += places * (shape.groups * times * plan.group_tiles()) as u64;
            if plan.has_short_rows() {
                let loaded = places * (times * section.images * shape.c * rows) as u64;
                // A row begins anywhere in a beat.
                let (beat, word) = (arch.link_bytes(), arch.word_bytes());
                sums.rows += loaded;
                sums.row_beats += loaded * (section.tile_width * word + beat.saturating_sub(word)) as u64 / beat as u64;
            }
            sums.outputs += outputs;
        }
        sums
    }
}

impl Sums {
    /// The steps of a section's passes where words are held, and the weights of each channel.
    fn add_held(&mut self, plan: &MatrixPlan, section: &Section) {
        let (shape, lines) = (&plan.shape, plan.row_lines() as u64);
        let channels = (shape.c * plan.filter_groups) as u64;
        let passes = (shape.groups * plan.filter_groups * plan.channel_tiles) as u64;
        for &place in &section.places {
            for (taps, held) in plan.held_in_place(section, place) {
                let steps = section.images as u64 * held.steps(plan.pass_rows);
                let load = (plan.pass_rows * taps) as u64 * lines;
                self.streaming += channels * steps;
                self.weights += channels * load;
                self.array += channels * steps.max(load) + passes * BETWEEN;
            }
        }
    }
}

impl Sums {
    /// The pixels of a section's passes on so many ofmap tiles, and the weights of each weight tile of convolution engines.
    fn add_engines(&mut self, plan: &MatrixPlan, section: &Section, outputs: u64) {
        let lines = plan.row_lines() as u64;
        let few = SHORTEST.saturating_sub(section.positions() as u64);
        for tile in plan.pieces(section.lines, section.windows) {
            let pixels = section.images as u64 * tile.pixels;
            for (count, channels) in plan.all_channel_groups() {
                let load = weight_cycles(&plan.arch, tile.taps * lines * channels);
                self.streaming += outputs * count * pixels;
                self.weights += outputs * count * load;
                self.array += outputs * count * (pixels + few).max(load);
            }
        }
    }
}

/// The time of a plan's program, with what each part takes of it; ofmap words have `ofmap_bytes` bytes in memory.
///
/// All parts work at the same time, so the busiest sets the pace; where two take turns in one place, their times add up.
pub fn estimate(plan: &MatrixPlan, link: &Link, ofmap_bytes: usize) -> Cost {
    let (shape, arch, mapping) = (&plan.shape, &plan.arch, &plan.mapping);
    let (beat, word) = (arch.link_bytes() as u64, arch.word_bytes() as u64);
    let sums = Sums::of(plan);
    let rows = plan.spanned_rows(mapping.e).min(shape.h);
    let of_load =
        if plan.is_of_rows() { plan.block_step().min(rows) } else { arch.ifmap_ports().min(mapping.channels) };
    let load_commands = sums.loads * of_load as u64;
    let stores = sums.outputs * plan.filter_rows() as u64;
    let commands = (plan.passes() as u64 + load_commands + 2 * stores) * COMMAND_BYTES as u64;
    let filters = (plan.places() * plan.filter_bytes()) as u64;
    let beside = filters + commands + plan.params_bytes() as u64;
    let (of_tiles, reads) = match plan.has_short_rows() {
        true => (sums.row_beats, sums.row_beats + beside.div_ceil(beat)),
        false => ((sums.loaded * word).div_ceil(beat), (sums.loaded * word + beside).div_ceil(beat)),
    };
    // What short rows wait for is as much as what they are.
    let waiting = (sums.rows * (link.latency + READ) / OUTSTANDING).max(sums.rows * REQUEST);
    let short = waiting.saturating_sub(link.cycles_of(of_tiles));
    let writes = ((shape.ofmap_dims().iter().product::<usize>() * ofmap_bytes) as u64).div_ceil(beat);
    let parts = [
        (Bound::Dram, link.cycles_of_both(reads, writes) + short),
        (Bound::Store, sums.stored),
        (Bound::Filter, sums.weights),
        (Bound::Psum, sums.drained),
        (Bound::Ifmap, sums.streaming + sums.fetching),
        (Bound::Macs, sums.streaming),
    ];
    let [dram, store, filter, psum, ifmap, macs] = parts.map(|(_, cycles)| cycles);
    let loading = link.cycles_of(of_tiles) + short;
    // Tiles are small and many in an array of one plane: how each section begins and ends counts.
    let times = if plan.is_of_planes() { plan.sections().len() as u64 } else { 1 };
    let alone = if mapping.tiles == 1 { loading } else { times * loading / sums.loads.max(1) };
    let storing = if plan.areas == 1 { psum + store } else { times * (psum + store) / sums.outputs.max(1) };
    // The array empties where a pass waits for what the one before it leaves behind.
    let waits = if mapping.tiles == 1 { sums.loads } else { 1 };
    let depth = waits * (ArrayTiming::of(arch).flight as u64 + link.latency);
    let busiest = sums.array.max(psum).max(store).max(dram);
    Cost {
        cycles: START + END + 2 * COMMAND + STORE + busiest + alone + storing + depth,
        bound: parts.into_iter().max_by_key(|(_, cycles)| *cycles).map_or(Bound::Macs, |(bound, _)| bound),
        macs,
        ifmap,
        filter,
        psum,
        store,
        dram,
        dram_reads: link.cycles_of(reads),
        active_pes: plan.active_pes(),
        pes: arch.pes(),
    }
}

/// Psums that a column gives to its accumulator.
pub(super) fn accumulated(plan: &MatrixPlan) -> u64 {
    let times: u64 = match plan.is_of_engines() {
        true => plan.all_channel_groups().map(|(count, _)| count).sum::<u64>() * plan.pieces(1, 1).len() as u64,
        false => plan.weights().iter().map(|weights| weights.count).sum(),
    };
    let shape = &plan.shape;
    let windows: usize =
        pieces(shape.f(), plan.mapping.windows).map(|(windows, count)| count * window_turns(&plan.arch, windows)).sum();
    times * (plan.filter_rows() * plan.filter_groups * shape.groups * shape.n * shape.e() * windows) as u64
}

/// In an output-stationary array: steps of the plan, times rows of PEs with weights of their own, and psums that a column moves up a row on their way out.
pub(super) fn steps_and_moves(plan: &MatrixPlan) -> (u64, u64) {
    let shape = &plan.shape;
    let times: u64 = plan.weights().iter().map(|weights| weights.count).sum();
    let (mut steps, mut moves) = (0, 0);
    for section in plan.sections() {
        let windows = (section.places.len() * section.images * window_turns(&plan.arch, section.windows)) as u64;
        let taps = (shape.c_per_group() * shape.r * shape.s) as u64;
        steps += windows * (plan.blocks(section.lines) * plan.filter_rows()) as u64 * taps;
        moves += windows * times * plan.block_lines(section.lines).map(|v| (v * (v - 1) / 2) as u64).sum::<u64>();
    }
    let outputs = (plan.filter_groups * shape.groups) as u64;
    (outputs * steps, outputs * moves)
}
