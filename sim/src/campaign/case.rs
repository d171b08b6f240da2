//! A draw: a layer with all that its run depends on.

use super::draw;
use super::Options;
use crate::data::RandomData;
use crate::host::MemoryTiming;
use crate::machine::Work;
use crate::random::Random;
use crate::tensor::Tensors;
use gen::mapper::{search_any, AnyMapping, Compression, Goal, Objective};
use gen::numerics::{Numerics, Output};
use gen::shape::ConvShape;
use hw::{Arch, ArchSpec, LinkClock};

/// Passes of a mapping at the most.
const MOST_PASSES: usize = 20_000;
/// The least of the limits that MACs of a layer are drawn under.
const LEAST_MACS: u64 = 1000;
/// PE cycles of a layer, for each MAC that the campaign allows it: a mapping that keeps few PEs busy takes its time, too.
const PATIENCE: u64 = 16;
/// PEs that take as long to simulate as what stands around them.
const SHELL: u64 = 8;

/// A layer, how it is mapped, and what surrounds its run.
#[derive(Clone, Debug)]
pub struct Case {
    pub shape: ConvShape,
    pub numerics: Numerics,
    pub output: Output,
    pub mapping: AnyMapping,
    /// The mapping is not what the search found.
    pub by_chance: bool,
    pub timing: MemoryTiming,
    /// Cycles that the mapper predicts.
    pub predicted: u64,
    pub reset_at: Option<u64>,
    pub zeros: f64,
    /// Bytes of an ofmap word in memory.
    pub ofmap_bytes: usize,
    /// Seed of its operands.
    pub seed: u64,
    /// Which feature maps are compressed in memory.
    pub compression: Compression,
}

/// The design of draws `design · layers ..`.
pub fn design(options: &Options, design: u64) -> ArchSpec {
    let mut random = Random::of(!options.seed, design);
    let side = random.pick(&[2, 4, 4, 6, 6, 8, 12, 16]).min(options.side);
    let spec = match random.once_in(16) {
        true => ArchSpec { rows: options.side, cols: options.side, ..draw::spec(&mut random, 1, 1) },
        false => draw::spec(&mut random, side, side),
    };
    let drawn = draw::dataflow(&mut random, spec.clone());
    // Each row of some arrays needs banks of its own: more than a small buffer has.
    if drawn.check().is_ok() {
        drawn
    } else {
        spec
    }
}

impl Case {
    /// A case that its mapper maps, for this design; or why it does not.
    pub fn draw(random: &mut Random, arch: &Arch, options: &Options) -> anyhow::Result<Case> {
        let mut doubled = LEAST_MACS;
        while doubled < options.macs && !random.once_in(6) {
            doubled *= 2;
        }
        let macs = doubled.min(options.macs);
        loop {
            let shape = draw::shape(random, macs);
            let case = Case::of(random, arch, shape)?;
            // A layer is no bigger for a larger array, but a simulation is.
            if case.predicted * (arch.pes() as u64 + SHELL) <= PATIENCE * options.macs.max(LEAST_MACS) {
                return Ok(case);
            }
        }
    }

    /// One of this layer.
    fn of(random: &mut Random, arch: &Arch, shape: ConvShape) -> anyhow::Result<Case> {
        let width = arch.width as u32;
        let psum_shift = if random.once_in(2) { 0 } else { random.range(0, 2 * arch.width - 1) as u32 };
        let output = draw::output(random, shape.m);
        let timing = timing(random, arch.link_clock);
        let objective = random.pick(&[Objective::Cycles, Objective::Cycles, Objective::Energy, Objective::Edp]);
        let goal = Goal { objective, link: timing.link(arch.link_clock), ofmap_bytes: output.bytes(arch) };
        let good =
            search_any(&shape, arch, &goal).map_err(|error| anyhow::anyhow!("{shape} is not mapped: {error}"))?;
        let mapping = match random.once_in(2) {
            true => good,
            false => draw::any_mapping(random, good, &shape, arch, MOST_PASSES),
        };
        let plan = mapping.check(&shape, arch)?;
        let predicted = plan.estimate(&goal.link, goal.ofmap_bytes).cycles;
        let reset_at = random.once_in(8).then(|| random.range(0, predicted as usize) as u64);
        Ok(Case {
            shape,
            numerics: Numerics { width, psum_width: arch.psum_width as u32, psum_shift },
            output,
            by_chance: mapping != good,
            mapping,
            timing,
            predicted,
            reset_at,
            ofmap_bytes: goal.ofmap_bytes,
            zeros: random.pick(&[0.0, 0.0, 0.3, 0.7, 0.95, 1.0]),
            seed: random.word(),
            compression: match random.once_in(2) {
                true => draw::compression(random, arch),
                false => Compression::default(),
            },
        })
    }

    /// Its run with these operands.
    pub fn work<'a>(&'a self, tensors: &'a Tensors) -> Work<'a> {
        let Case { shape, mapping, numerics, output, compression, reset_at, .. } = self;
        Work { shape, mapping: *mapping, numerics, output, tensors, compression: *compression, reset_at: *reset_at }
    }

    /// Whether a feature map is compressed, so that its cycles depend on data.
    pub fn is_compressed(&self) -> bool {
        self.compression.ifmap.is_some() || self.compression.ofmap.is_some() && self.output != Output::Raw
    }

    /// Its operands.
    pub fn tensors(&self) -> anyhow::Result<Tensors> {
        Ok(RandomData::new(self.seed, self.zeros)?.tensors(&self.shape, &self.numerics, 0))
    }
}

/// A memory, mostly a regular one, for which cycles can be predicted if the link has no clock of its own.
fn timing(random: &mut Random, link_clock: LinkClock) -> MemoryTiming {
    let usual = MemoryTiming {
        latency: random.pick(&[1, 5, 20, 20, 60, 200]),
        bandwidth: random.pick(&[None, None, None, Some((60, 200)), Some((1, 2)), Some((1, 9))]),
        ..MemoryTiming::default()
    };
    let usual = match link_clock {
        LinkClock::Sync => usual,
        LinkClock::Async => MemoryTiming { ratio: (random.range(1, 12) as u32, random.range(1, 12) as u32), ..usual },
    };
    match random.once_in(3) {
        true => MemoryTiming { jitter: Some(random.word()), outstanding: random.pick(&[1, 2, 16]), ..usual },
        false => usual,
    }
}
