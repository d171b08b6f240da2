//! What a layer moves between DRAM and the accelerator, by what it is: as a run has counted it, and as program and data show it before one.

use crate::data::{DataError, RandomData};
use crate::slots::code_counts;
use gen::mapper::{AnyPlan, Compression, LayerProgram};
use gen::numerics::{Numerics, Output, Requant};
use hw::rlc::{Codec, Format};
use hw::Arch;
use ndarray::Array4;

/// Seed of feature maps.
const SEED: u64 = 1;

/// Bytes moved, in whole beats where they are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Ifmaps read; of compressed ones, codes and their numbers.
    pub ifmap: u64,
    /// Filters read.
    pub filter: u64,
    /// Ofmaps written, in the same way.
    pub ofmap: u64,
    /// Commands and parameters read.
    pub control: u64,
}

impl Traffic {
    /// As the hardware's counters show it.
    pub fn counted(arch: &Arch, count: impl Fn(&str) -> u64) -> Traffic {
        let bytes = |name| count(name) * arch.link_bytes() as u64;
        let [all, ifmap, filter] = ["READ_BEATS", "IFMAP_BEATS", "FILTER_BEATS"].map(bytes);
        Traffic { ifmap, filter, ofmap: count("WRITE_BYTES"), control: all - ifmap - filter }
    }

    /// Of a layer with requantised ofmaps and no compression.
    pub fn plain(plan: &AnyPlan) -> anyhow::Result<Traffic> {
        Ok(Traffic::of(plan.arch(), &program(plan, Compression::default())?))
    }

    /// The same with compressed tensors that hold these words, in C order.
    pub fn compressed(
        plan: &AnyPlan,
        compression: Compression,
        ifmap: &[i64],
        ofmap: &[i64],
    ) -> anyhow::Result<Traffic> {
        let (arch, shape) = (plan.arch(), plan.costed().shape());
        let program = program(plan, compression)?;
        let count = |format: Option<Format>, slots, words, dims| {
            let codec = format.map(|format| Codec { format, width: arch.width });
            codec.map_or(vec![], |codec| code_counts(codec, slots, words, dims))
        };
        let ifmap = count(program.layout.compression.ifmap, &program.ifmap_slots, ifmap, shape.ifmap_dims());
        let ofmap = count(program.layout.compression.ofmap, &program.ofmap_slots, ofmap, shape.ofmap_dims());
        Ok(Traffic::of(arch, &program.with_codes(arch, &ifmap, &ofmap)))
    }

    fn of(arch: &Arch, program: &LayerProgram) -> Traffic {
        let (beats, bytes) = (&program.read_beats, arch.link_bytes() as u64);
        Traffic {
            ifmap: beats.ifmap * bytes,
            filter: beats.filters * bytes,
            ofmap: program.counts.dram_write_bytes,
            control: (beats.commands + beats.params) * bytes,
        }
    }

    /// In all.
    pub fn all(&self) -> u64 {
        self.ifmap + self.filter + self.ofmap + self.control
    }
}

/// What is to be compressed, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The ifmap.
    pub ifmap: bool,
    /// The ofmap.
    pub ofmap: bool,
    /// The format; none for the one that is shorter, of those that the array knows.
    pub format: Option<Format>,
}

impl Wanted {
    /// The compression of feature maps with these words.
    pub fn compression(&self, arch: &Arch, ifmap: &Array4<i64>, ofmap: &Array4<i64>) -> Compression {
        let format = |map: &Array4<i64>| match (self.format, arch.masks) {
            (Some(format), _) => format,
            (None, true) => Format::shorter(&map.iter().copied().collect::<Vec<_>>(), arch.width),
            (None, false) => Format::Runs,
        };
        Compression { ifmap: self.ifmap.then(|| format(ifmap)), ofmap: self.ofmap.then(|| format(ofmap)) }
    }
}

/// A layer's traffic with compressed feature maps of which this share is zero, at random places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compressed {
    /// Shares of zeros in ifmap and ofmap, 0 to 1.
    pub zeros: [f64; 2],
    /// What is moved.
    pub traffic: Traffic,
}

impl Compressed {
    /// Draws the feature maps of layer number `layer` of a network, and compresses those that are `wanted`.
    pub fn drawn(plan: &AnyPlan, wanted: Wanted, zeros: [f64; 2], layer: u64) -> anyhow::Result<Compressed> {
        // The ofmap is drawn as the next layer's ifmap would be.
        let draw = |zeros: f64, dims: [usize; 4], layer: u64| {
            Ok::<_, DataError>(RandomData::new(SEED, zeros)?.feature_map(dims, plan.arch().width as u32, layer))
        };
        let ifmap = draw(zeros[0], plan.costed().shape().ifmap_dims(), layer)?;
        let ofmap = draw(zeros[1], plan.costed().shape().ofmap_dims(), layer + 1)?;
        let compression = wanted.compression(plan.arch(), &ifmap, &ofmap);
        let [ifmap, ofmap] = [ifmap, ofmap].map(|map| map.into_raw_vec_and_offset().0);
        Ok(Compressed { zeros, traffic: Traffic::compressed(plan, compression, &ifmap, &ofmap)? })
    }
}

/// A program whose ofmaps are words; what it moves depends on no other number.
fn program(plan: &AnyPlan, compression: Compression) -> anyhow::Result<LayerProgram> {
    let arch = plan.arch();
    let numerics = Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, psum_shift: 0 };
    let output = Output::Quantised(Requant { relu: true, scales: vec![], shifts: vec![0] });
    Ok(plan.build(&numerics, &output, &plan.place(&output, compression, 0), 0)?)
}
