//! From options to layers, data and numbers.

use super::args::{DataArgs, LayersArgs, MemoryArgs, NumberArgs, RunArgs, ShapeArgs, MAX_LATENCY};
use crate::calibrate::Range;
use crate::data::RandomData;
use crate::files;
use crate::host::MemoryTiming;
use crate::networks::{find_layer, Network};
use crate::tensor::{Geometry, TensorFiles, Tensors};
use anyhow::{bail, Context};
use gen::console::say;
use gen::design::DesignArgs;
use gen::numerics::{Numerics, Output, Requant};
use gen::shape::ConvShape;
use hw::{Arch, LinkClock};
use serde::Serialize;
use std::path::{Path, PathBuf};

impl LayersArgs {
    /// The network, or its layers that are asked for, at this batch.
    pub fn network(&self) -> anyhow::Result<Network> {
        let network = Network::find(&self.network)?;
        let network = match self.only.is_empty() {
            true => network,
            false => network.select(&self.only)?,
        };
        let network = network.with_batch(self.batch);
        network.check()?;
        Ok(network)
    }

    /// Name of the first layer of all, whose ifmap is the network's.
    pub fn first(&self) -> anyhow::Result<Option<String>> {
        Ok(Network::find(&self.network)?.layers.into_iter().next().map(|layer| layer.name))
    }
}

impl ShapeArgs {
    /// The layer's name and shape, or `None` if no option describes one.
    pub fn layer(&self) -> anyhow::Result<Option<(String, ConvShape)>> {
        if let Some(name) = &self.layer {
            let shape = find_layer(name)?.shape;
            let shape = ConvShape { n: self.batch.unwrap_or(shape.n), ..shape };
            shape.check()?;
            return Ok(Some((name.clone(), shape)));
        }
        let needed = [("m", self.m), ("c", self.c), ("h", self.h), ("w", self.w), ("r", self.r), ("s", self.s)];
        if needed.iter().all(|(_, value)| value.is_none()) {
            return Ok(None);
        }
        let missing: Vec<_> =
            needed.iter().filter(|(_, v)| v.is_none()).map(|(name, _)| format!("`--{name}`")).collect();
        if !missing.is_empty() {
            bail!("the shape lacks {}; give all of --m --c --h --w --r --s, or --layer", missing.join(", "));
        }
        let or = |value: Option<usize>, default| value.unwrap_or(default);
        let shape = ConvShape {
            n: or(self.n.or(self.batch), 1),
            m: or(self.m, 1),
            c: or(self.c, 1),
            h: or(self.h, 1),
            w: or(self.w, 1),
            r: or(self.r, 1),
            s: or(self.s, 1),
            stride_h: or(self.stride_h, 1),
            stride_w: or(self.stride_w, 1),
            pad_h: or(self.pad_h, 0),
            pad_w: or(self.pad_w, 0),
            groups: or(self.groups, 1),
        };
        shape.check()?;
        Ok(Some(("layer".into(), shape)))
    }

    fn geometry(&self) -> Geometry {
        let usual = Geometry::default();
        Geometry {
            stride_h: self.stride_h.unwrap_or(usual.stride_h),
            stride_w: self.stride_w.unwrap_or(usual.stride_w),
            pad_h: self.pad_h.unwrap_or(usual.pad_h),
            pad_w: self.pad_w.unwrap_or(usual.pad_w),
            groups: self.groups.unwrap_or(usual.groups),
        }
    }
}

impl DataArgs {
    /// The layer and its operands, from files or by chance.
    pub fn layer(&self, shape: &ShapeArgs, numerics: &Numerics) -> anyhow::Result<(String, ConvShape, Tensors)> {
        if let (Some(ifmap), Some(filter)) = (&self.ifmap, &self.filter) {
            let files = TensorFiles { ifmap: ifmap.clone(), filter: filter.clone(), bias: self.bias.clone() };
            let (shape, tensors) = Tensors::read(&files, &shape.geometry(), numerics)?;
            return Ok(("layer".into(), shape, tensors));
        }
        let Some((name, shape)) = shape.layer()? else {
            bail!("no layer; give --layer NETWORK/LAYER, or --m --c --h --w --r --s, or --ifmap and --filter");
        };
        let tensors = RandomData::new(self.seed, self.zeros)?.tensors(&shape, numerics, 0);
        Ok((name, shape, tensors))
    }
}

impl NumberArgs {
    /// Widths of a design with this command line's psum shift, or 0.
    pub fn numerics(&self, arch: &Arch) -> anyhow::Result<Numerics> {
        let (width, psum_width) = (arch.width as u32, arch.psum_width as u32);
        let numerics = Numerics { width, psum_width, psum_shift: self.psum_shift.unwrap_or(0) };
        numerics.check()?;
        Ok(numerics)
    }

    /// Raw psums unless the options ask for words.
    pub fn output(&self, shape: &ConvShape) -> anyhow::Result<Output> {
        let raw = self.shift.is_none() && self.scale.is_none() && !self.relu;
        let output = match raw {
            true => Output::Raw,
            false => self.requantised(self.shift.unwrap_or(0)),
        };
        output.check(shape.m)?;
        Ok(output)
    }

    /// A network's layer: shifts that the options do not give are chosen from the range of its psums.
    pub fn calibrated(
        &self,
        shape: &ConvShape,
        numerics: &Numerics,
        tensors: &Tensors,
    ) -> anyhow::Result<(Numerics, Output)> {
        if let (Some(_), true) = (self.psum_shift, self.raw) {
            return Ok((*numerics, Output::Raw));
        }
        if let (Some(_), Some(shift)) = (self.psum_shift, self.shift) {
            return Ok((*numerics, self.requantised(shift)));
        }
        let range = Range::of(shape, numerics.width, tensors)?;
        let psum_shift = self.psum_shift.unwrap_or_else(|| range.psum_shift(numerics.width, numerics.psum_width));
        let numerics = Numerics { psum_shift, ..*numerics };
        let output = match self.raw {
            true => Output::Raw,
            false => self.requantised(self.shift.unwrap_or_else(|| range.shift(&numerics, self.scale.unwrap_or(1)))),
        };
        Ok((numerics, output))
    }

    fn requantised(&self, shift: u32) -> Output {
        let scales = self.scale.into_iter().collect();
        Output::Quantised(Requant { relu: self.relu, scales, shifts: vec![shift] })
    }
}

impl MemoryArgs {
    /// The speed of the memory of `arch`, which `design` describes; that of a published design, unless the options say otherwise.
    pub fn timing(&self, design: &DesignArgs, arch: &Arch) -> anyhow::Result<MemoryTiming> {
        let published = design.bandwidth();
        let usual = MemoryTiming { latency: self.dram_latency, ..MemoryTiming::default() };
        if arch.link_clock == LinkClock::Sync {
            if let Some((link, core)) = self.link_ratio {
                bail!(
                    "`--link-ratio` is {link}/{core}, but the link runs with the accelerator's clock; add `--link-clock async`, \
                     or leave `--link-ratio` out"
                );
            }
            return Ok(MemoryTiming { bandwidth: self.dram_bandwidth.or(published), ..usual });
        }
        // What a published link carries a cycle of the core is what its own clock gives.
        let (link, core) = self.link_ratio.or(published).unwrap_or((1, 1));
        let cycles = self.dram_latency * u64::from(core) / u64::from(link);
        if cycles > MAX_LATENCY {
            bail!(
                "`--dram-latency` is {}, at `--link-ratio` {link}/{core} {cycles} cycles of the accelerator, whose watchdog allows \
                 {MAX_LATENCY}; choose less",
                self.dram_latency
            );
        }
        Ok(MemoryTiming { bandwidth: self.dram_bandwidth, ratio: (link, core), ..usual })
    }
}

impl RunArgs {
    /// The memory's speed, and its jitter.
    pub fn timing(&self, design: &DesignArgs, arch: &Arch) -> anyhow::Result<MemoryTiming> {
        Ok(MemoryTiming { jitter: self.dram_jitter, ..self.memory.timing(design, arch)? })
    }
}

/// Writes `value` as JSON to a file, whole or not at all.
pub fn write_json(path: &Path, value: &impl Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(value)? + "\n";
    files::replace(path, |file| file.write_all(text.as_bytes())).with_context(|| unwritable(path))
}

/// Whether results can be written to these files, before the work that makes them.
pub fn check_writable<'a>(paths: impl IntoIterator<Item = &'a Option<PathBuf>>) -> anyhow::Result<()> {
    for path in paths.into_iter().flatten() {
        files::check_writable(path).with_context(|| unwritable(path))?;
    }
    Ok(())
}

/// What is said of a file that cannot be written.
pub fn unwritable(path: &Path) -> String {
    format!("`{}` cannot be written", path.display())
}

/// Prints a table.
pub fn print(table: &str) -> anyhow::Result<()> {
    say(&format!("{table}\n")).context("cannot write to the standard output")
}
