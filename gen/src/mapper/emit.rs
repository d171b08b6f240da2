//! The commands of a section: transfers a tile ahead of the passes, and the semaphores between them.
//!
//! Ifmap tiles take turns in the slots, psums in the areas. What takes a slot or an area for the second time waits until
//! the one before it is done with it, and only then is there a post: so counts match one to one, in order, and end at 0.

use super::build::{Builder, PassPlaces};
use super::command::Command;
use super::schedule::{Section, TileUse};
use super::window::TileWindow;
use super::MapError;
use hw::program::{load, op};

/// A LOAD: `outer` times `inner` runs; for each loop its turns, the bytes and the words from a turn to the next.
pub(super) struct Runs {
    pub address: u64,
    pub word: usize,
    pub run: usize,
    pub inner: (usize, usize, usize),
    pub outer: (usize, usize, usize),
}

impl Runs {
    pub fn command(self) -> Command {
        let stride = super::build::stride;
        let (inner, inner_bytes, inner_words) = self.inner;
        let (outer, outer_bytes, outer_words) = self.outer;
        Command::new(op::LOAD)
            .address(load::ADDRESS, self.address)
            .with("a tile's place", load::GLB_WORD, self.word)
            .with("the adjacent words of a tile", load::RUN_M1, self.run - 1)
            .with("the inner runs of a tile", load::INNER_M1, inner - 1)
            .with("the outer runs of a tile", load::OUTER_M1, outer - 1)
            .with("the bytes from a run to the next", load::INNER_BYTES, stride(inner, inner_bytes))
            .with("the bytes from a turn to the next", load::OUTER_BYTES, stride(outer, outer_bytes))
            .with("the words from a run to the next", load::INNER_WORDS, stride(inner, inner_words))
            .with("the words from a turn to the next", load::OUTER_WORDS, stride(outer, outer_words))
    }
}

/// Tiles of a section that are loaded, in order.
struct Loads {
    windows: Vec<TileWindow>,
    slots: usize,
    issued: usize,
}

impl Loads {
    /// Loads the next tile, if there is one.
    fn next(&mut self, builder: &mut Builder) -> Result<(), MapError> {
        if let Some(window) = self.windows.get(self.issued) {
            builder.load(window, self.issued % self.slots, self.issued >= self.slots)?;
            self.issued += 1;
        }
        Ok(())
    }

    /// Whether a later tile takes the slot of tile `index`.
    fn slot_is_taken_again(&self, index: usize) -> bool {
        index + self.slots < self.windows.len()
    }
}

/// All commands of a section but `LAYER` and tables.
pub(super) fn section(builder: &mut Builder, section: &Section) -> Result<(), MapError> {
    let plan = builder.plan;
    let uses = plan.tile_uses(section, &builder.steps);
    let windows = uses.iter().filter_map(|tile| plan.tile_window(&tile.key)).collect();
    let mut loads = Loads { windows, slots: plan.mapping.tiles, issued: 0 };
    let firsts = builder.steps.iter().filter(|step| step.first).count();
    let mut areas = Areas { taken: 0, all: firsts * section.places.len(), areas: plan.psum.areas };
    let mut filters = Filters { places: section.places.len(), issued: 0, ahead: plan.filters_ahead() };
    for _ in 0..loads.slots {
        loads.next(builder)?;
    }
    let mut loaded = 0;
    for tile in &uses {
        let exists = plan.tile_window(&tile.key).is_some();
        let index = exists.then_some(loaded);
        passes(builder, section, tile, index, &mut loads, &mut areas, &mut filters)?;
        loaded += usize::from(exists);
    }
    Ok(())
}

fn passes(
    builder: &mut Builder,
    section: &Section,
    tile: &TileUse,
    index: Option<usize>,
    loads: &mut Loads,
    areas: &mut Areas,
    filters: &mut Filters,
) -> Result<(), MapError> {
    let place = tile.key.place;
    for number in tile.steps.clone() {
        let step = builder.steps[number];
        if number == 0 {
            filters.place(builder)?;
        }
        let area = areas.of_pass(step.first, step.filter_group % builder.plan.chunk, step.distance);
        let (begins, ends) = (number == tile.steps.start, number == tile.steps.end - 1);
        let at = PassPlaces {
            slot: index.map_or(0, |index| index % loads.slots),
            area: area % areas.areas,
            window: index.map(|index| &loads.windows[index]),
            wait_loaded: begins && index.is_some(),
            post_free: ends && index.is_some_and(|index| loads.slot_is_taken_again(index)),
            wait_psum_free: step.first && area >= areas.areas,
        };
        builder.pass(section, place, &step, &at)?;
        if ends && index.is_some() {
            loads.next(builder)?;
        }
        if step.last {
            builder.store(section, place, &step, area % areas.areas, area + areas.areas < areas.all)?;
        }
    }
    Ok(())
}

/// Uses of the psum areas of a section, numbered in order: use `i` lies in area `i mod areas`.
struct Areas {
    taken: usize,
    all: usize,
    areas: usize,
}

impl Areas {
    /// The use that a pass on filter group `index` of its chunk works on.
    fn of_pass(&mut self, first: bool, index: usize, chunk: usize) -> usize {
        if first {
            self.taken += 1;
            return self.taken - 1;
        }
        // All of the chunk are taken by now.
        self.taken - chunk + index
    }
}

/// Filters of a section's places.
struct Filters {
    places: usize,
    issued: usize,
    ahead: usize,
}

impl Filters {
    /// Brings the filters of the place that begins now, and of as many as go ahead of it.
    fn place(&mut self, builder: &mut Builder) -> Result<(), MapError> {
        let wanted = if self.issued == 0 { 1 + self.ahead } else { 1 };
        for _ in 0..wanted.min(self.places - self.issued) {
            builder.filters()?;
            self.issued += 1;
        }
        Ok(())
    }
}
