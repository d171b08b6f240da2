//! How passes follow each other: a few of them in the core alone, with what they need there at once, or one thing late.

use super::commands::Words;
use super::core::Core;
use super::rs_core::{RsCore, RsEvents};
use hw::program::{flag, layer, op, pass, table, COMMAND_WORDS, FLAGS, OPCODE};
use hw::Arch;
use std::collections::HashMap;

/// Windows of the passes that are measured at the least, and MACs of a PE in them, about: what is larger is measured in part, and the rest
/// follows from that.
const WINDOWS: u64 = 6;
const MACS: u64 = 2500;
/// Cycles after which what comes late comes: everything else has happened.
const PATIENCE: u64 = 64;
/// Cycles for which passes are run at the most.
const MOST: u64 = 10_000_000;

/// The rhythm of passes of a section, in cycles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::mapper) struct Beat {
    /// From the end of a pass to that of the next, if all that it needs is there.
    pub interval: u64,
    // From the start of each of its parts to a pass's end, if all else is there
    pub ifmap: u64,
    pub feed: u64,
    pub collect: u64,
    /// From its last filter line.
    pub filter: u64,
    // From the end of each part to the pass's end, if nothing but the array holds it up
    pub after_ifmap: u64,
    pub after_feed: u64,
    /// From the pass's last filter line to the end of the pass before; negative if the line is later.
    pub after_filter: i64,
}

/// The beats of a program's sections, in order.
pub(in crate::mapper) fn beats(program: &[u64], arch: &Arch) -> Vec<Beat> {
    let mut known: HashMap<Section, Beat> = HashMap::new();
    let mut beats = Vec::new();
    for section in sections(program) {
        let beat = match known.get(&section) {
            Some(beat) => Some(*beat),
            None => section.beat(arch),
        };
        // The model never stands still on a program of the mapper's; later sections are those that are left.
        let Some(beat) = beat else { break };
        known.insert(section, beat);
        beats.push(beat);
    }
    beats
}

/// What a section sets up: the constants and the entries of the core's tables.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Section {
    layer: Words,
    entries: Vec<(u64, usize, u64)>,
}

/// A program's sections. A table holds until another takes its place.
fn sections(program: &[u64]) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut blocks = program.chunks_exact(COMMAND_WORDS);
    while let Some(block) = blocks.next() {
        match (OPCODE.get(block), sections.last_mut()) {
            (op::LAYER, before) => {
                let entries = before.map_or(Vec::new(), |section| section.entries.clone());
                let mut layer = [0; COMMAND_WORDS];
                layer.copy_from_slice(block);
                sections.push(Section { layer, entries });
            }
            (op::TABLE, Some(section)) => {
                let (target, count) = (table::TARGET.get(block), table::COUNT.get(block) as usize);
                section.entries.retain(|(of, ..)| *of != target);
                let words = blocks.by_ref().take(count.div_ceil(COMMAND_WORDS)).flatten().take(count);
                if target != table::STORE {
                    section.entries.extend(words.enumerate().map(|(index, word)| (target, index, *word)));
                } else {
                    words.for_each(drop);
                }
            }
            _ => {}
        }
    }
    sections
}

/// What comes late.
#[derive(Clone, Copy, PartialEq)]
enum Late {
    Nothing,
    Ifmap,
    Feed,
    Filter,
    Collect,
}

/// When a pass did what, and when what was late came for the last one.
#[derive(Clone, Default)]
struct Times {
    ifmap_end: Vec<u64>,
    feed_end: Vec<u64>,
    filter_end: Vec<u64>,
    collected: Vec<u64>,
    came: u64,
}

impl Section {
    /// The beat of its passes; none if they stand still.
    fn beat(&self, arch: &Arch) -> Option<Beat> {
        let (windows, images) = (layer::WINDOWS_M1.get(&self.layer) + 1, layer::IMAGES_M1.get(&self.layer) + 1);
        let window = (layer::TAPS_M1.get(&self.layer) + 1) * (layer::FILTERS_M1.get(&self.layer) + 1);
        let most = (MACS / window).max(WINDOWS);
        let few_windows = windows.min(most);
        let few_images = images.min(most / few_windows);
        let short = self.run(arch, few_windows, few_images, Late::Nothing)?;
        let interval = in_a_row(&short);
        let longer = |windows: u64, images: u64| {
            Some(in_a_row(&self.run(arch, windows, images, Late::Nothing)?).saturating_sub(interval))
        };
        // What the windows and the images beyond the measured ones take.
        let of_windows = match windows.min(2 * few_windows) - few_windows {
            0 => 0,
            more => longer(few_windows + more, few_images)? * (windows - few_windows) / more,
        };
        let of_images = match images.min(2 * few_images) - few_images {
            0 => 0,
            more => {
                let measured = longer(few_windows, few_images + more)?;
                (measured + of_windows * more / few_images) * (images - few_images) / more
            }
        };
        let growth = of_windows + of_images;
        let late = |late: Late| self.run(arch, few_windows, few_images, late);
        let after = |late: &Times| late.collected[1] - late.came + growth;
        let filter = late(Late::Filter)?;
        Some(Beat {
            interval: interval + growth,
            ifmap: after(&late(Late::Ifmap)?),
            feed: after(&late(Late::Feed)?),
            collect: after(&late(Late::Collect)?),
            filter: filter.collected[1] - filter.filter_end[1] + growth,
            after_ifmap: short.collected[2] - short.ifmap_end[2],
            after_feed: short.collected[2] - short.feed_end[2],
            after_filter: short.collected[1] as i64 - short.filter_end[2] as i64,
        })
    }

    /// Passes of so many windows and images, three of them, or two of which the second has something late.
    fn run(&self, arch: &Arch, windows: u64, images: u64, late: Late) -> Option<Times> {
        let mut core = RsCore::new(arch);
        core.layer(&self.cut(windows, images));
        for (target, index, word) in &self.entries {
            core.entry(*target, *index, *word);
        }
        let passes = if late == Late::Nothing { 3 } else { 2 };
        for number in 0..passes {
            core.pass(&command(if number == 1 { late } else { Late::Nothing }));
        }
        let lines = core.pass_lines();
        let (mut times, mut given, mut quiet) = (Times::default(), 0, 0);
        for now in 0..MOST {
            let waits = late == Late::Filter && given == lines && times.came == 0;
            let line = core.takes_line() && given < passes * lines && !waits;
            given += u64::from(line);
            let events = core.cycle(now, line);
            times.note(now, &events);
            if times.collected.len() as u64 == passes {
                return Some(times);
            }
            quiet += u64::from(times.collected.len() == 1);
            if late == Late::Feed && quiet == 1 {
                // The feeders know that the pass before is done.
                times.came = now + 1;
            } else if late != Late::Feed && late != Late::Nothing && quiet == PATIENCE {
                // A post is known two cycles later.
                times.came = now + 2;
                match late {
                    Late::Ifmap => core.post_loaded(),
                    Late::Collect => core.post_psum_free(),
                    _ => {}
                }
            }
        }
        None
    }

    /// The section's constants with fewer windows and images.
    fn cut(&self, windows: u64, images: u64) -> Words {
        let mut command = self.layer;
        let all = layer::WINDOWS_M1.get(&command) + 1;
        layer::WINDOWS_M1.set(&mut command, windows - 1);
        layer::IMAGES_M1.set(&mut command, images - 1);
        let runs = layer::COL_RUNS_M1.get(&command) + 1;
        if runs == all && layer::COL_SKIP.get(&command) > 0 {
            layer::COL_RUNS_M1.set(&mut command, windows - 1);
        } else {
            let cols = layer::STEP.get(&command) / (layer::CHANNELS_M1.get(&command) + 1);
            let run = layer::COL_RUN_M1.get(&command) - (all - windows) * cols;
            layer::COL_RUN_M1.set(&mut command, run);
        }
        command
    }
}

impl Times {
    fn note(&mut self, now: u64, events: &RsEvents) {
        for (happened, times) in [
            (events.ifmap_end, &mut self.ifmap_end),
            (events.feed_end, &mut self.feed_end),
            (events.filter_end, &mut self.filter_end),
            (events.posts.pass_done, &mut self.collected),
        ] {
            if happened {
                times.push(now);
            }
        }
    }
}

/// A pass on psums of its own; what is late for it is waited for.
fn command(late: Late) -> Words {
    let mut command = [0; COMMAND_WORDS];
    // Psums that the pass before writes are there when it is done.
    let distance = if late == Late::Feed { 1 } else { pass::DISTANCE.mask() };
    pass::DISTANCE.set(&mut command, distance);
    let flags = match late {
        Late::Ifmap => flag::PASS_WAIT_LOADED,
        Late::Collect => flag::PASS_WAIT_PSUM_FREE,
        _ => 0,
    };
    FLAGS.set(&mut command, flags);
    command
}

/// The interval of passes that follow each other.
fn in_a_row(times: &Times) -> u64 {
    times.collected[2] - times.collected[1]
}
