//! From a plan to the program that runs it.
//!
//! Ifmap tiles take turns in the slots, psums in the areas. What takes a slot or an area for the second time waits until the one before it is done
//! with it, and only then is there a post: so counts match one to one, in order, and end at 0.

use super::super::build::{check_numbers, stride, LayerProgram};
use super::super::command::Command;
use super::super::emit::Runs;
use super::super::layout::{Compression, Layout};
use super::super::schedule::Place;
use super::super::slots::Slots;
use super::super::window::TileWindow;
use super::super::writing::{beats, Writing, MAX_FILTER_BYTES};
use super::super::MapError;
use super::load::LoadPart;
use super::planes::window_turns;
use super::schedule::{Section, Step, TilePlace};
use super::MatrixPlan;
use crate::numerics::{Numerics, Output};
use hw::matrix::command::{layer, pass};
use hw::program::{flag, op, store, table};

/// Passes that go ahead of loads that wait; less than the hardware queues.
const PASSES_AHEAD: usize = 3;

/// One after the other from `base`, the program last, as its length follows from the rest.
pub fn place(plan: &MatrixPlan, output: &Output, wanted: Compression, base: u64) -> Layout {
    let plain = [plan.ifmap_bytes(), plan.filter_bytes(), plan.params_bytes(), plan.ofmap_bytes(output)];
    Layout::of(base, plain, output, wanted, |compression| plan.slots(compression))
}

/// The program of a plan: tensors lie where `layout` says, `END` carries `number`.
///
/// Commands are in an order in which each waits only for earlier ones, and every semaphore is back at 0 at the end.
pub fn build(
    plan: &MatrixPlan,
    numerics: &Numerics,
    output: &Output,
    layout: &Layout,
    number: u32,
) -> Result<LayerProgram, MapError> {
    check_numbers(&plan.shape, &plan.arch, numerics, output)?;
    layout.check(&plan.arch, output)?;
    let [ifmap_slots, ofmap_slots] = Slots::of_both(layout.compression, [layout.ifmap, layout.ofmap], plan.arch.width);
    let mut builder = Builder {
        plan,
        output,
        layout,
        psum_shift: numerics.psum_shift as usize,
        out: Writing::new(&plan.arch, layout, plan.shape.m),
        ifmap_slots,
        ofmap_slots,
    };
    let steps = plan.steps();
    let mut table = (0, 0);
    for section in &plan.sections() {
        builder.layer(section)?;
        if table != (section.lines, section.windows) {
            table = (section.lines, section.windows);
            builder.table(section)?;
        }
        builder.section(&steps, section)?;
    }
    builder.out.end(number, builder.ifmap_slots.list, builder.ofmap_slots.list)
}

/// A program that is being written.
struct Builder<'a> {
    plan: &'a MatrixPlan,
    output: &'a Output,
    layout: &'a Layout,
    psum_shift: usize,
    out: Writing<'a>,
    ifmap_slots: Slots,
    ofmap_slots: Slots,
}

/// A tile that is loaded.
type Load<'a> = (TilePlace, &'a TileWindow);

/// Where a pass works in the buffer, and what it waits for.
struct At<'a> {
    slot: usize,
    area: usize,
    window: Option<&'a TileWindow>,
    wait_loaded: bool,
    post_free: bool,
    wait_psum_free: bool,
}

impl Command {
    /// With the flags of a pass.
    fn passes_on(self, step: &Step, at: &At) -> Command {
        self.flag(flag::PASS_WAIT_LOADED, at.wait_loaded)
            .flag(flag::PASS_POST_FREE, at.post_free)
            .flag(flag::PASS_FIRST, step.first)
            .flag(flag::PASS_WAIT_PSUM_FREE, at.wait_psum_free)
            .flag(flag::PASS_POST_PSUM_DONE, step.last)
    }
}

impl Builder<'_> {
    fn layer(&mut self, section: &Section) -> Result<(), MapError> {
        let (shape, plan) = (&self.plan.shape, self.plan);
        let (image, lines) = (plan.image_words(section), section.lines);
        // A pass says which filter columns it has, where words are held.
        let filter_cols = if plan.is_of_inputs() { 1 } else { shape.s };
        let rows = if plan.is_of_steps() { plan.blocks(lines) } else { lines };
        let last_rows = plan.block_lines(lines).last().unwrap_or(1);
        let mut command = Command::new(op::LAYER)
            .with("the filter rows of a pass", layer::FILTER_ROWS_M1, plan.pass_rows - 1)
            .with("the filter's columns", layer::FILTER_COLS_M1, filter_cols - 1)
            .with("the vertical stride", layer::STRIDE_H, shape.stride_h)
            .with("the horizontal stride", layer::STRIDE_W, shape.stride_w)
            .with("the windows of a pass", layer::WINDOWS_M1, window_turns(&plan.arch, section.windows) - 1)
            .with("the images of a pass", layer::IMAGES_M1, section.images - 1)
            .with("the psum shift", layer::PSUM_SHIFT, self.psum_shift)
            .with("the rows of a pass", layer::ROWS_M1, rows - 1)
            .with("the filters of a pass", layer::FILTERS, plan.row_filters())
            .with("the width of an ifmap tile", layer::ROW_WIDTH, section.tile_width)
            .with("the size of a channel group of a tile", layer::GROUP_STRIDE, section.images * image)
            .with("the size of an image of a tile", layer::IMAGE_STRIDE, image)
            .with("the step of a tile's rows", layer::ROW_STEP, shape.stride_h * section.tile_width)
            .with("the size of a filter's psums", layer::PSUM_FILTER_STRIDE, section.positions());
        if plan.is_of_steps() {
            command = command
                .with("the pairs of a chunk", layer::CHUNK_M1, plan.chunk() - 1)
                .with("the rows of the last block", layer::LAST_ROWS, last_rows)
                .with("the step of a block's rows", layer::BLOCK_STEP, plan.block_step());
        }
        if plan.is_of_planes() {
            command = plan.with_planes(command, section);
        }
        if plan.is_of_engines() {
            command = plan.with_engines(command, section);
        }
        if plan.is_of_inputs() {
            let most = plan.filter_columns()[0].len();
            let step = if shape.stride_w < most { shape.stride_w * plan.pass_rows } else { 0 };
            command = command
                .with("the places of an image's psums", layer::IMAGE_PLACES, plan.blocks(lines) * section.windows)
                .with("the step of a word's taps", layer::TAP_STEP, step)
                .with("the step of a block's rows", layer::BLOCK_STEP, plan.block_step());
        }
        self.out.program.push(command)
    }

    /// The store unit's rows: those of a tile for each lane.
    fn table(&mut self, section: &Section) -> Result<(), MapError> {
        let mut rows = Vec::new();
        for lane in 0..self.plan.lanes() {
            for line in 0..section.lines {
                let mut row = [0];
                super::super::command::set(&mut row, "a psum lane", table::ROW_LANE, lane)?;
                super::super::command::set(
                    &mut row,
                    "an ofmap row's offset",
                    table::ROW_OFFSET,
                    line * section.windows,
                )?;
                rows.push(row[0]);
            }
        }
        self.out.program.table(table::STORE, &rows)
    }

    /// All commands of a section but `LAYER` and its table: loads are a tile ahead of the passes, filters a place.
    ///
    /// Loads into the slot of a tile stand behind the first passes of the tile after it, which are then in the queue: a tile has more of them than the loader
    /// queues, and they wait for the slot.
    fn section(&mut self, steps: &[Step], section: &Section) -> Result<(), MapError> {
        let uses = self.plan.tile_uses(steps, section);
        let loads: Vec<Load> =
            uses.iter().filter_map(|tile| tile.window.as_ref().map(|window| (tile.at, window))).collect();
        let (slots, areas) = (self.plan.mapping.tiles, self.plan.areas);
        let outputs = steps.iter().filter(|step| step.last).count() * section.places.len();
        let mut issued = slots.min(loads.len());
        for (slot, load) in loads.iter().enumerate().take(issued) {
            self.load(section, load, slot, false)?;
        }
        // A second command of a place must never wait for room in the filter unit's queue while passes that make room are behind it.
        let ahead = usize::from(self.plan.filter_bytes() <= MAX_FILTER_BYTES);
        let (mut places, mut loaded, mut output) = (0, 0, 0);
        let mut free = 0;
        // Many stores of an output would hold up the passes of the next one, which wait for none of them if there are two areas.
        let late = self.plan.filter_rows() > 1 && areas > 1;
        let mut waiting: Option<(Place, &Step, usize)> = None;
        let mut ahead_of_stores = 0;
        for tile in &uses {
            let index = tile.window.as_ref().map(|_| loaded);
            for number in tile.steps.clone() {
                let step = &steps[number];
                if number == 0 {
                    let wanted = if places == 0 { 1 + ahead } else { 1 };
                    for _ in 0..wanted.min(section.places.len() - places) {
                        self.out.filters(self.plan.filter_bytes())?;
                        places += 1;
                    }
                }
                let (begins, ends) = (number == tile.steps.start, number == tile.steps.end - 1);
                let at = At {
                    slot: index.map_or(0, |index| index % slots),
                    area: output % areas,
                    window: tile.window.as_ref(),
                    wait_loaded: begins && index.is_some(),
                    post_free: ends && index.is_some_and(|index| index + slots < loads.len()),
                    wait_psum_free: step.last && output >= areas,
                };
                self.pass(section, tile.at, step, &at)?;
                if number == tile.steps.end.min(tile.steps.start + PASSES_AHEAD) - 1 {
                    self.loads(section, &loads, &mut issued, &mut free)?;
                }
                if ends && index.is_some() && issued + free < loads.len() {
                    free += 1;
                    if slots == 1 {
                        self.loads(section, &loads, &mut issued, &mut free)?;
                    }
                }
                ahead_of_stores += 1;
                if step.last || ahead_of_stores == PASSES_AHEAD {
                    if let Some((place, step, output)) = waiting.take() {
                        self.store(section, place, step, output % areas, output + areas < outputs)?;
                    }
                }
                if step.last {
                    match late {
                        true => (waiting, ahead_of_stores) = (Some((tile.at.place, step, output)), 0),
                        false => self.store(section, tile.at.place, step, output % areas, output + areas < outputs)?,
                    }
                    output += 1;
                }
            }
            loaded += usize::from(index.is_some());
        }
        if let Some((place, step, output)) = waiting {
            self.store(section, place, step, output % areas, output + areas < outputs)?;
        }
        Ok(())
    }

    /// The next tiles, into slots that have become `free`.
    fn loads(
        &mut self,
        section: &Section,
        loads: &[Load],
        issued: &mut usize,
        free: &mut usize,
    ) -> Result<(), MapError> {
        for _ in 0..std::mem::take(free) {
            self.load(section, &loads[*issued], *issued % self.plan.mapping.tiles, true)?;
            *issued += 1;
        }
        Ok(())
    }

    /// A tile of the ifmap into slot `slot`.
    fn load(&mut self, section: &Section, (tile, window): &Load, slot: usize, wait: bool) -> Result<(), MapError> {
        let (plan, arch) = (self.plan, &self.plan.arch);
        let size = arch.word_bytes();
        let parts = plan.load_parts(section, *tile, window);
        let last = parts.len() - 1;
        let format = self.layout.compression.ifmap;
        for (number, LoadPart { runs, part }) in parts.into_iter().enumerate() {
            let mut runs =
                Runs { address: self.layout.ifmap + runs.address, word: runs.word + slot * plan.tile_words, ..runs };
            if format.is_some() {
                runs = runs.of_slot(self.ifmap_slots.place(&part));
            } else {
                self.out.read_beats.ifmap += runs.addresses().map(|at| beats(arch, at, runs.run * size)).sum::<u64>();
            }
            let command = runs
                .command()
                .flag(flag::LOAD_WAIT_FREE, wait && number == 0)
                .flag(flag::LOAD_POST_LOADED, number == last)
                .in_format(flag::LOAD_RLC, flag::LOAD_MASKS, format);
            self.out.program.push(command)?;
        }
        let bytes = format.map_or(window.words() * size, |_| 0);
        self.out.counts.ifmap_writes += window.words() as u64;
        self.out.counts.dram_ifmap_bytes += bytes as u64;
        Ok(())
    }

    fn pass(&mut self, section: &Section, tile: TilePlace, step: &Step, at: &At) -> Result<(), MapError> {
        let plan = self.plan;
        // A tile in the padding has no rows: where it lies does not matter.
        let (y, x, rows) = at.window.map_or((0, 0, 0), |window| {
            let (row, col) = plan.origin(tile);
            (row - window.rows.start as i64, col - window.cols.start as i64, window.rows.len())
        });
        if plan.is_of_inputs() {
            return self.held_pass(section, tile, step, at);
        }
        // Where the rows of the array are ofmap rows, what lies above a tile's first row has its place, too.
        let above = if plan.is_of_rows() { 0 } else { y * section.tile_width as i64 };
        let word = (at.slot * plan.tile_words) as i64 + above + x;
        let command = Command::new(op::PASS)
            .with("a tile's place", pass::TILE, word.rem_euclid(1 << plan.arch.word_address_bits()) as usize)
            .signed(pass::X_START, x)
            .with("the channels of a tile", pass::C_VALID, plan.channels(step).len())
            .signed(pass::Y_START, y)
            .with("the rows of a tile", pass::ROWS, rows)
            .with("the psums' place", pass::PSUM, self.area_line(at.area));
        let command = match plan.is_of_planes() {
            true => {
                let lines = plan.pass_lines(plan.channels(step).len(), step.columns.len());
                command.with("the lines of a pass's weights", pass::WEIGHT_LINES, lines)
            }
            false => command,
        };
        plan.count_pass(&mut self.out.counts, section, tile, step, at.window);
        self.out.program.push(command.passes_on(step, at))
    }

    /// The same of an array that holds words of the ifmap.
    fn held_pass(&mut self, section: &Section, tile: TilePlace, step: &Step, at: &At) -> Result<(), MapError> {
        let plan = self.plan;
        let held = plan.held(section, tile, step, at.window);
        let (r, taps, channels) = (plan.pass_rows, step.columns.len(), plan.channels(step).len());
        let (rows, word) = (plan.arch.rows, (at.slot * plan.tile_words) as i64 + held.x);
        // What lies behind all banks is of rows that the tile does not have: what is left of its place does not matter.
        let first_place = held.first_row.div_ceil(rows) * section.windows % (1 << pass::FIRST_PLACE.bits);
        let command = Command::new(op::PASS)
            .with("a tile's place", pass::TILE, word.rem_euclid(1 << plan.arch.word_address_bits()) as usize)
            .with("the channels of a tile", pass::C_VALID, channels)
            .signed(pass::Y_START, held.y)
            .with("the rows of a tile", pass::ROWS, held.rows)
            .with("the psums' place", pass::PSUM, self.area_line(at.area))
            .with("a pass's first tap", pass::FIRST_TAP, r * (held.base + held.phase))
            .with("the filter columns of a pass", pass::FILTER_COLS, taps)
            .with("a channel's weights of a pass", pass::TAPS, r * taps)
            .with("the columns of a pass", pass::COLUMNS_M1, held.columns - 1)
            .with("the channels of a pass, times its filter columns,", pass::PAIRS, channels * taps)
            .with("a pass's first column", pass::PHASE, held.phase)
            .with("a pass's first filter column", pass::BASE, held.base)
            .with("a pass's first filter column's tap", pass::BASE_TAP, r * held.base)
            .with("a pass's first window", pass::WINDOW, held.window)
            .with("a pass's first ofmap row", pass::FIRST_ROW, held.first_row)
            .with("a pass's first bank", pass::ROTATION, (rows - held.first_row % rows) % rows)
            .with("a pass's first place", pass::FIRST_PLACE, first_place)
            .with("the blocks of a tile", pass::BLOCKS_M1, held.blocks - 1);
        plan.count_pass(&mut self.out.counts, section, tile, step, at.window);
        self.out.program.push(command.passes_on(step, at))
    }

    /// The finished psums of a filter group to DRAM; with `post`, their area is taken again.
    fn store(&mut self, section: &Section, place: Place, step: &Step, area: usize, post: bool) -> Result<(), MapError> {
        let plan = self.plan;
        let rows: Vec<_> = plan.row_stores(plan.filters(step)).collect();
        let row_lines = plan.row_filters().min(plan.arch.lane_cols()) * section.positions();
        for (number, &(channel, valid)) in rows.iter().enumerate() {
            let line = self.area_line(area) + number * row_lines;
            let waits = (number == 0, post && number + 1 == rows.len());
            self.row_store(section, plan.store_part(section, place, channel..channel + valid), line, waits)?;
        }
        Ok(())
    }

    /// The psums of a part, which a row of lanes holds from a `line` on. The first of a filter group's waits for them, the last may free their area.
    fn row_store(
        &mut self,
        section: &Section,
        part: TileWindow,
        line: usize,
        (wait, post): (bool, bool),
    ) -> Result<(), MapError> {
        let (plan, shape) = (self.plan, &self.plan.shape);
        let size = plan.ofmap_word_bytes(self.output);
        let (channel, valid, words) = (part.channels.start, part.channels.len(), part.words());
        let param = self.out.params(channel, valid)?;
        let (e, f) = (shape.e(), shape.f());
        let element = ((part.images.start * shape.m + channel) * e + part.rows.start) * f + part.cols.start;
        // Rows of a column segment are not adjacent in DRAM.
        let row_bytes = if section.windows == f { 0 } else { f * size };
        let format = self.layout.compression.ofmap;
        let (address, strides) = match format {
            Some(_) => (self.ofmap_slots.place(&part.into()), [0; 3]),
            None => {
                let strides = [row_bytes, e * f * size, shape.m * e * f * size];
                (self.layout.ofmap + (element * size) as u64, strides)
            }
        };
        let command = Command::new(op::STORE)
            .address(store::ADDRESS, address)
            .with("the psums' place", store::PSUM, line)
            .with("the windows of a pass", store::WINDOWS_M1, section.windows - 1)
            .with("the rows of a tile", store::ROWS_M1, section.lines - 1)
            .with("the images of a pass", store::IMAGES_M1, section.images - 1)
            .with("the lanes of a pass", store::GROUPS_M1, plan.lanes() - 1)
            .with("the filters of a lane", store::FILTERS_M1, plan.arch.lane_cols() - 1)
            .with("an ofmap channel's parameters", store::PARAM, param)
            .with("the bytes of an ofmap row", store::ROW_BYTES, stride(section.lines, strides[0]))
            .with("the bytes of an ofmap channel", store::FILTER_BYTES, stride(valid, strides[1]))
            .with("the bytes of an ofmap image", store::IMAGE_BYTES, stride(section.images, strides[2]))
            .with("the size of a filter's psums", store::PSUM_FILTER_STRIDE, section.positions())
            .with("the size of an image's psums", store::PSUM_IMAGE_STRIDE, section.lines * section.windows)
            .with("the filters that exist", store::VALID, valid)
            .with("the rows of a lane", store::GROUP_ROWS, section.lines)
            .flag(flag::STORE_WAIT_DONE, wait)
            .flag(flag::STORE_POST_FREE, post)
            .flag(flag::STORE_RAW, matches!(self.output, Output::Raw))
            .flag(flag::STORE_RELU, matches!(self.output, Output::Quantised(requant) if requant.relu))
            .in_format(flag::STORE_RLC, flag::STORE_MASKS, format);
        let bytes = format.map_or(words * size, |_| 0);
        self.out.counts.psum_drains += words as u64;
        self.out.counts.dram_write_bytes += bytes as u64;
        self.out.program.push(command)
    }

    fn area_line(&self, area: usize) -> usize {
        self.plan.first_line + area * self.plan.area_lines
    }
}
