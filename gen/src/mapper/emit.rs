//! The order of a layer's commands: transfers a tile ahead of the passes, and the semaphores between them.
//!
//! Ifmap tiles take turns in the slots, psums in the areas. What takes a slot or an area for the second time waits until
//! the one before it is done with it, and only then is there a post: so counts match one to one, in order, and end at 0.

use super::command::Command;
use super::plan::Plan;
use super::schedule::{Place, Section, Step, TileUse};
use super::window::TileWindow;
use hw::program::{load, op};

/// What takes the commands of a layer, in their order: the program, or a model of what runs it.
pub(super) trait Commands {
    /// Why a command cannot be taken.
    type Error;
    /// The constants of a section.
    fn layer(&mut self, section: &Section) -> Result<(), Self::Error>;
    /// The tables for strips of `lines` rows.
    fn tables(&mut self, lines: usize) -> Result<(), Self::Error>;
    /// The filters of a place.
    fn filters(&mut self) -> Result<(), Self::Error>;
    /// A tile of the ifmap into slot `slot`; with `wait`, once it is free.
    fn load(&mut self, window: &TileWindow, slot: usize, wait: bool) -> Result<(), Self::Error>;
    /// A pass.
    fn pass(&mut self, section: &Section, place: Place, step: &Step, at: &PassPlaces) -> Result<(), Self::Error>;
    /// The finished psums of a filter group to DRAM; with `post`, their area is taken again.
    fn store(
        &mut self,
        section: &Section,
        place: Place,
        step: &Step,
        area: usize,
        post: bool,
    ) -> Result<(), Self::Error>;
}

/// What a PASS says beside its step: buffer places and semaphores.
pub(super) struct PassPlaces<'a> {
    pub slot: usize,
    pub area: usize,
    pub window: Option<&'a TileWindow>,
    pub wait_loaded: bool,
    pub post_free: bool,
    pub wait_psum_free: bool,
}

/// All commands of a layer but `END`.
pub(super) fn layer<C: Commands>(plan: &Plan, commands: &mut C) -> Result<(), C::Error> {
    let steps = plan.steps();
    let mut lines = 0;
    for section in &plan.sections() {
        commands.layer(section)?;
        if section.lines != lines {
            lines = section.lines;
            commands.tables(lines)?;
        }
        self::section(plan, &steps, section, commands)?;
    }
    Ok(())
}

/// A LOAD: `outer` times `inner` runs; for each loop its turns, the bytes and the words from a turn to the next.
pub(super) struct Runs {
    pub address: u64,
    pub word: usize,
    pub run: usize,
    pub inner: (usize, usize, usize),
    pub outer: (usize, usize, usize),
}

impl Runs {
    /// Byte address of each run.
    pub fn addresses(&self) -> impl Iterator<Item = u64> + '_ {
        let ((inner, inner_bytes, _), (outer, outer_bytes, _)) = (self.inner, self.outer);
        (0..outer).flat_map(move |o| (0..inner).map(move |i| self.address + (o * outer_bytes + i * inner_bytes) as u64))
    }

    /// From the slot at this address, whose words follow each other.
    pub fn of_slot(mut self, address: u64) -> Runs {
        self.address = address;
        (self.inner.1, self.outer.1) = (0, 0);
        self
    }

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
    fn next<C: Commands>(&mut self, commands: &mut C) -> Result<(), C::Error> {
        if let Some(window) = self.windows.get(self.issued) {
            commands.load(window, self.issued % self.slots, self.issued >= self.slots)?;
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
fn section<C: Commands>(plan: &Plan, steps: &[Step], section: &Section, commands: &mut C) -> Result<(), C::Error> {
    let uses = plan.tile_uses(section, steps);
    let windows = uses.iter().filter_map(|tile| plan.tile_window(&tile.key)).collect();
    let firsts = steps.iter().filter(|step| step.first).count();
    let mut state = State {
        plan,
        steps,
        section,
        loads: Loads { windows, slots: plan.mapping.tiles, issued: 0 },
        areas: Areas { taken: 0, all: firsts * section.places.len(), areas: plan.psum.areas },
        filters: Filters { places: section.places.len(), issued: 0, ahead: plan.filters_ahead() },
    };
    for _ in 0..state.loads.slots {
        state.loads.next(commands)?;
    }
    let mut loaded = 0;
    for tile in &uses {
        let exists = plan.tile_window(&tile.key).is_some();
        state.passes(tile, exists.then_some(loaded), commands)?;
        loaded += usize::from(exists);
    }
    Ok(())
}

/// A section whose commands are given out.
struct State<'a> {
    plan: &'a Plan,
    steps: &'a [Step],
    section: &'a Section,
    loads: Loads,
    areas: Areas,
    filters: Filters,
}

impl State<'_> {
    /// The passes on a tile, which is number `index` of those that are loaded.
    fn passes<C: Commands>(&mut self, tile: &TileUse, index: Option<usize>, commands: &mut C) -> Result<(), C::Error> {
        let place = tile.key.place;
        for number in tile.steps.clone() {
            let step = self.steps[number];
            if number == 0 {
                self.filters.place(commands)?;
            }
            let areas = self.areas.areas;
            let area = self.areas.of_pass(step.first, step.filter_group % self.plan.chunk, step.distance);
            let (begins, ends) = (number == tile.steps.start, number == tile.steps.end - 1);
            let at = PassPlaces {
                slot: index.map_or(0, |index| index % self.loads.slots),
                area: area % areas,
                window: index.map(|index| &self.loads.windows[index]),
                wait_loaded: begins && index.is_some(),
                post_free: ends && index.is_some_and(|index| self.loads.slot_is_taken_again(index)),
                wait_psum_free: step.first && area >= areas,
            };
            commands.pass(self.section, place, &step, &at)?;
            if ends && index.is_some() {
                self.loads.next(commands)?;
            }
            if step.last {
                commands.store(self.section, place, &step, area % areas, area + areas < self.areas.all)?;
            }
        }
        Ok(())
    }
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
    fn place<C: Commands>(&mut self, commands: &mut C) -> Result<(), C::Error> {
        let wanted = if self.issued == 0 { 1 + self.ahead } else { 1 };
        for _ in 0..wanted.min(self.places - self.issued) {
            commands.filters()?;
            self.issued += 1;
        }
        Ok(())
    }
}
