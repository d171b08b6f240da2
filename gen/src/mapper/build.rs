//! From a plan to the program that runs it.

use super::command::Command;
use super::counts::Counts;
use super::emit::{Commands, PassPlaces, Runs};
use super::layout::Layout;
use super::part::Part;
use super::plan::Plan;
use super::schedule::{Place, Section, Step};
use super::slots::{Slot, Slots};
use super::tables::{stream_words, tables, Tables};
use super::window::TileWindow;
use super::writing::{beats, Writing, MAX_FILTER_BYTES};
use super::MapError;
use crate::numerics::{Numerics, Output};
use crate::shape::ConvShape;
use hw::program::{flag, layer, op, pass, store, table};
use hw::Arch;

/// Beats that are read from memory: whole ones, also where a run begins or ends within one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadBeats {
    /// Of commands.
    pub commands: u64,
    /// Of filters.
    pub filters: u64,
    /// Of ifmaps, plain or in slots.
    pub ifmap: u64,
    /// Of parameters.
    pub params: u64,
}

impl ReadBeats {
    /// All.
    pub fn all(&self) -> u64 {
        self.commands + self.filters + self.ifmap + self.params
    }
}

/// A program in memory, and what running it will count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerProgram {
    /// The commands, from address `layout.program` on.
    pub bytes: Vec<u8>,
    /// Where the program expects everything.
    pub layout: Layout,
    /// Its counts, without those of slots; see [`LayerProgram::with_codes`].
    pub counts: Counts,
    /// Beats that it reads from memory, without those of slots.
    pub read_beats: ReadBeats,
    /// Slots of a compressed ifmap.
    pub ifmap_slots: Vec<Slot>,
    /// Slots of a compressed ofmap.
    pub ofmap_slots: Vec<Slot>,
}

impl LayerProgram {
    /// The same program for `arch` with the counts of data that takes so many codes in each of `ifmap_slots` and of `ofmap_slots`.
    pub fn with_codes(mut self, arch: &Arch, ifmap: &[u64], ofmap: &[u64]) -> LayerProgram {
        self.read_beats.ifmap += self.counts.read_slots(arch, &self.ifmap_slots, ifmap);
        self.counts.write_slots(ofmap);
        self
    }
}

/// The program of a plan: tensors lie where `layout` says, `END` carries `layer`.
///
/// Commands are in an order in which each waits only for earlier ones, and every semaphore is back at 0 at the end.
pub fn build(
    plan: &Plan,
    numerics: &Numerics,
    output: &Output,
    layout: &Layout,
    layer: u32,
) -> Result<LayerProgram, MapError> {
    check_numbers(&plan.shape, &plan.arch, numerics, output)?;
    layout.check(&plan.arch, output)?;
    let of_strip = |strip| tables(plan, plan.strip_lines(strip));
    let [ifmap_slots, ofmap_slots] = Slots::of_both(layout.compression, [layout.ifmap, layout.ofmap], plan.arch.width);
    let mut builder = Builder {
        plan,
        output,
        layout,
        psum_shift: numerics.psum_shift as usize,
        tables: [of_strip(0)?, of_strip(plan.strips - 1)?],
        out: Writing::new(&plan.arch, layout, plan.shape.m),
        ifmap_slots,
        ofmap_slots,
    };
    super::emit::layer(plan, &mut builder)?;
    builder.out.end(layer, builder.ifmap_slots.list, builder.ofmap_slots.list)
}

/// Whether layer and output are the array's.
pub(super) fn check_numbers(
    shape: &ConvShape,
    arch: &Arch,
    numerics: &Numerics,
    output: &Output,
) -> Result<(), MapError> {
    numerics.check()?;
    output.check(shape.m)?;
    for (field, value, built, option) in [
        ("width", numerics.width, arch.width, "width"),
        ("psum_width", numerics.psum_width, arch.psum_width, "psum-width"),
    ] {
        if value as usize != built {
            return Err(MapError::Built { field, value, built, option });
        }
    }
    Ok(())
}

/// A program that is being written.
struct Builder<'a> {
    plan: &'a Plan,
    out: Writing<'a>,
    output: &'a Output,
    layout: &'a Layout,
    psum_shift: usize,
    /// Tables for all strips but the last, and for that.
    tables: [Tables; 2],
    ifmap_slots: Slots,
    ofmap_slots: Slots,
}

/// The bytes between two of `count` things; of a single one there is no next.
pub(super) fn stride(count: usize, bytes: usize) -> usize {
    if count > 1 {
        bytes
    } else {
        0
    }
}

impl Commands for Builder<'_> {
    type Error = MapError;

    fn layer(&mut self, section: &Section) -> Result<(), MapError> {
        let (plan, mapping, arch) = (self.plan, &self.plan.mapping, &self.plan.arch);
        let tables = Builder::tables_for(plan, &self.tables, section.lines);
        let skip = plan.shape.stride_w.saturating_sub(mapping.filter_cols);
        let (run, runs) = match skip {
            0 => (plan.sent_cols(section.windows), 1),
            _ => (mapping.filter_cols, section.windows),
        };
        let mut command = Command::new(op::LAYER)
            .with("the window of a PE", layer::TAPS_M1, mapping.taps() - 1)
            .with("the step of a window", layer::STEP, plan.step_cols() * mapping.q)
            .with("the filters of a PE", layer::FILTERS_M1, mapping.p - 1)
            .with("the filter words of a PE", layer::FILTER_WORDS, plan.filter_words())
            .with("the windows of a pass", layer::WINDOWS_M1, section.windows - 1)
            .with("the images of a pass", layer::IMAGES_M1, section.images - 1)
            .with("the psum shift", layer::PSUM_SHIFT, self.psum_shift)
            .with("the ifmap banks", layer::IFMAP_BANKS, mapping.ifmap_banks)
            .with("the channels of a PE", layer::CHANNELS_M1, mapping.q - 1)
            .with("the ifmap streams", layer::STREAMS_M1, tables.streams.len() - 1)
            .with("the width of an ifmap tile", layer::ROW_WIDTH, section.tile_width)
            .with("the size of a channel of a tile", layer::CHANNEL_STRIDE, plan.tile.channel_stride)
            .with("the size of an image of a tile", layer::IMAGE_STRIDE, plan.tile.image_stride)
            .with("a run of columns", layer::COL_RUN_M1, run - 1)
            .with("a gap between columns", layer::COL_SKIP, skip)
            .with("the runs of columns", layer::COL_RUNS_M1, runs - 1)
            .with("the filter row tags", layer::FILTER_Y_M1, mapping.t_rows * mapping.stack() - 1)
            .with("the filter column tags", layer::FILTER_X_M1, mapping.t_cols - 1)
            .with("the filter lines of a PE", layer::FILTER_LINES_M1, plan.filter_lines() - 1)
            .with("the size of a filter's psums", layer::PSUM_FILTER_STRIDE, plan.psum.filter_stride)
            .with("the size of an image's psums", layer::PSUM_IMAGE_STRIDE, plan.psum.image_stride);
        for lane in 0..arch.psum_lanes {
            command = command.with("the sources of a psum lane", layer::sources(lane), tables.sources[lane].len());
        }
        self.out.program.push(command)
    }

    fn tables(&mut self, lines: usize) -> Result<(), MapError> {
        let tables = Builder::tables_for(self.plan, &self.tables, lines);
        self.out.program.table(table::CHAIN, &tables.chain)?;
        self.out.program.table(table::IFMAP, &stream_words(self.plan, &tables.streams)?)?;
        self.out.program.table(table::STORE, &tables.rows)?;
        for (lane, sources) in tables.sources.iter().enumerate().filter(|(_, sources)| !sources.is_empty()) {
            self.out.program.table(table::PSUM + lane as u64, sources)?;
        }
        Ok(())
    }

    /// The filters of a place: the whole image, in as many commands as 32-bit lengths make of it.
    fn filters(&mut self) -> Result<(), MapError> {
        self.out.filters(self.plan.filter_bytes())
    }

    /// A tile of the ifmap into slot `slot`.
    fn load(&mut self, window: &TileWindow, slot: usize, wait: bool) -> Result<(), MapError> {
        let (shape, size) = (self.plan.shape, self.plan.arch.word_bytes());
        let (tile, format) = (&self.plan.tile, self.layout.compression.ifmap);
        let slots = format.is_some();
        let (channels, rows) = (window.channels.len(), window.rows.len());
        let whole = self.plan.has_whole_rows(window);
        let (plane, image) = (shape.h * shape.w * size, shape.c * shape.h * shape.w * size);
        let parts = self.plan.load_parts(window);
        for (index, part) in parts.iter().enumerate() {
            let element = (part.images.start * shape.c + window.channels.start) * shape.h * shape.w
                + window.rows.start * shape.w
                + window.cols.start;
            let images = part.images.len();
            let mut runs = Runs {
                address: self.layout.ifmap + (element * size) as u64,
                word: slot * tile.words + index * tile.image_stride,
                run: if whole { rows * shape.w } else { window.cols.len() },
                inner: if whole { (channels, plane, tile.channel_stride) } else { (rows, shape.w * size, tile.width) },
                outer: if whole { (images, image, tile.image_stride) } else { (channels, plane, tile.channel_stride) },
            };
            if slots {
                runs = runs.of_slot(self.ifmap_slots.place(&part.clone().into()));
            } else {
                self.out.read_beats.ifmap +=
                    runs.addresses().map(|at| self.plan.beats(at, runs.run * size)).sum::<u64>();
            }
            let command = runs
                .command()
                .flag(flag::LOAD_WAIT_FREE, wait && index == 0)
                .flag(flag::LOAD_POST_LOADED, index == parts.len() - 1)
                .in_format(flag::LOAD_RLC, flag::LOAD_MASKS, format);
            self.out.program.push(command)?;
        }
        let words = window.words();
        self.out.counts.ifmap_writes += words as u64;
        self.out.counts.dram_ifmap_bytes += if slots { 0 } else { (words * size) as u64 };
        Ok(())
    }

    /// A pass.
    fn pass(&mut self, section: &Section, place: Place, step: &Step, at: &PassPlaces) -> Result<(), MapError> {
        let plan = self.plan;
        let view = plan.view(place, step, at.window);
        let word = (at.slot * plan.tile.words) as i64 + view.base;
        // A first pass reads no psums, so it need not wait for any.
        let most = pass::DISTANCE.mask() as usize;
        let distance = if step.first { most } else { step.distance.min(most) };
        let command = Command::new(op::PASS)
            .with("a tile's place", pass::TILE, word.rem_euclid(1 << plan.arch.word_address_bits()) as usize)
            .signed(pass::X_START, view.x_start)
            .with("the channels of a tile", pass::C_VALID, view.channels)
            .with("the first row of a tile", pass::H_LO, view.rows.start)
            .with("the last row of a tile", pass::H_HI, view.rows.end)
            .with("the distance of passes", pass::DISTANCE, distance)
            .with("the psums' place", pass::PSUM, self.area_line(at.area))
            .flag(flag::PASS_WAIT_LOADED, at.wait_loaded)
            .flag(flag::PASS_POST_FREE, at.post_free)
            .flag(flag::PASS_FIRST, step.first)
            .flag(flag::PASS_WAIT_PSUM_FREE, at.wait_psum_free)
            .flag(flag::PASS_POST_PSUM_DONE, step.last);
        let streams = &Builder::tables_for(plan, &self.tables, section.lines).streams;
        self.out.counts.pass(plan, section, streams, &view, step.first);
        self.out.program.push(command)
    }

    /// The finished psums of a filter group to DRAM.
    fn store(&mut self, section: &Section, place: Place, step: &Step, area: usize, post: bool) -> Result<(), MapError> {
        let (plan, shape, mapping) = (self.plan, &self.plan.shape, &self.plan.mapping);
        let size = plan.ofmap_word_bytes(self.output);
        let channels = plan.stored_channels(step);
        let (channel, valid) = (channels.start, channels.len());
        let param = self.out.params(channel, valid)?;

        let (e, f, lines) = (shape.e(), shape.f(), plan.strip_lines(place.strip));
        let part = Part::from(plan.store_part(section, place, step));
        let format = self.layout.compression.ofmap;
        let slots = format.is_some();
        let TileWindow { images, rows, cols, .. } = &part.window;
        let element = ((images.start * shape.m + channel) * e + rows.start) * f + cols.start;
        let address = match slots {
            true => self.ofmap_slots.place(&part),
            false => self.layout.ofmap + (element * size) as u64,
        };
        // Rows of a column segment are not adjacent in DRAM.
        let row_bytes = if section.windows == f { 0 } else { f * size };
        let strides = [row_bytes, e * f * size, shape.m * e * f * size].map(|bytes| if slots { 0 } else { bytes });
        let command = Command::new(op::STORE)
            .address(store::ADDRESS, address)
            .with("the psums' place", store::PSUM, self.area_line(area))
            .with("the windows of a pass", store::WINDOWS_M1, section.windows - 1)
            .with("the rows of a strip", store::ROWS_M1, lines - 1)
            .with("the images of a pass", store::IMAGES_M1, section.images - 1)
            .with("the filter groups of a pass", store::GROUPS_M1, mapping.t() - 1)
            .with("the filters of a PE", store::FILTERS_M1, mapping.p - 1)
            .with("an ofmap channel's parameters", store::PARAM, param)
            .with("the bytes of an ofmap row", store::ROW_BYTES, stride(lines, strides[0]))
            .with("the bytes of an ofmap channel", store::FILTER_BYTES, stride(valid, strides[1]))
            .with("the bytes of an ofmap image", store::IMAGE_BYTES, stride(section.images, strides[2]))
            .with("the size of a filter's psums", store::PSUM_FILTER_STRIDE, plan.psum.filter_stride)
            .with("the size of an image's psums", store::PSUM_IMAGE_STRIDE, plan.psum.image_stride)
            .with("the filters that exist", store::VALID, valid)
            .with("the rows of a filter group", store::GROUP_ROWS, section.lines)
            .flag(flag::STORE_WAIT_DONE, true)
            .flag(flag::STORE_POST_FREE, post)
            .flag(flag::STORE_RAW, matches!(self.output, Output::Raw))
            .flag(flag::STORE_RELU, matches!(self.output, Output::Quantised(requant) if requant.relu))
            .in_format(flag::STORE_RLC, flag::STORE_MASKS, format);
        self.out.program.push(command)?;
        let words = part.words();
        self.out.counts.psum_drains += words as u64;
        self.out.counts.dram_write_bytes += if slots { 0 } else { (words * size) as u64 };
        Ok(())
    }
}

impl Builder<'_> {
    /// The tables for strips of `lines` rows.
    fn tables_for<'t>(plan: &Plan, tables: &'t [Tables; 2], lines: usize) -> &'t Tables {
        &tables[usize::from(lines < plan.mapping.e)]
    }

    fn area_line(&self, area: usize) -> usize {
        self.plan.psum.first_line + area * self.plan.psum.lines
    }
}

impl Plan {
    /// Places whose filters are asked for before the place that needs them: a second command must never wait for room in the
    /// filter unit's queue while passes that make room are behind it.
    pub(super) fn filters_ahead(&self) -> usize {
        usize::from(self.filter_commands() == 1)
    }

    /// Beats that `bytes` bytes at `address` touch.
    pub(super) fn beats(&self, address: u64, bytes: usize) -> u64 {
        beats(&self.arch, address, bytes)
    }

    /// FILTER commands of a place.
    pub(super) fn filter_commands(&self) -> usize {
        self.filter_bytes().div_ceil(MAX_FILTER_BYTES)
    }
}
