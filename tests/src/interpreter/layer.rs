//! A layer from its shape to its ofmap: mapped, built, interpreted, and held against the golden model.

use super::{run, Memory, Stats};
use gen::mapper::{build, pack_filters, pack_params, pack_words, place, unpack_words};
use gen::mapper::{Counts, LayerProgram, Mapping, Plan};
use gen::numerics::{Numerics, Output};
use gen::shape::ConvShape;
use hw::{Arch, ArchSpec};
use sim::data::RandomData;
use sim::golden;

/// A layer, the array that runs it, and how.
#[derive(Clone, Debug)]
pub struct Case {
    pub spec: ArchSpec,
    pub arch: Arch,
    pub shape: ConvShape,
    pub numerics: Numerics,
    pub output: Output,
    pub mapping: Mapping,
}

/// A layer in memory, ready to run.
pub struct Image {
    pub plan: Plan,
    pub program: LayerProgram,
    pub memory: Memory,
    output: Output,
    ofmap_bits: usize,
    wanted: Vec<i64>,
}

/// Maps, builds and packs a case with random tensors.
pub fn prepare(case: &Case, seed: u64) -> Result<Image, String> {
    let Case { arch, shape, numerics, output, mapping, .. } = case;
    let plan = mapping.check(shape, arch).map_err(|problems| problems.to_string())?;
    let tensors = RandomData::new(seed, 0.1).unwrap().tensors(shape, numerics, 0);
    let layout = place(&plan, output, 0x4000_0000 + 64 * (seed % 1000));
    let program = build(&plan, numerics, output, &layout, seed as u32).map_err(|error| error.to_string())?;

    let end = layout.program + program.bytes.len() as u64;
    let mut memory = Memory::new(layout.ifmap, (end - layout.ifmap) as usize);
    let filter: Vec<i64> = tensors.filter.iter().copied().collect();
    let filters = pack_filters(&plan, &filter);
    assert_eq!(filters.len(), plan.filter_bytes());
    memory.put(layout.ifmap, &pack_words(tensors.ifmap.iter().copied(), arch.width));
    memory.put(layout.filters, &filters);
    memory.put(layout.params, &pack_params(tensors.bias.as_slice().unwrap(), output));
    memory.put(layout.program, &program.bytes);
    let wanted = golden::convolve(shape, numerics, output, &tensors).map_err(|error| error.to_string())?;
    let (output, ofmap_bits) = (output.clone(), output.width(numerics) as usize);
    Ok(Image { plan, program, memory, output, ofmap_bits, wanted: wanted.into_iter().collect() })
}

impl Case {
    /// A layer on an array as the mapper lays it, with raw psums and no shift.
    pub fn mapped(shape: ConvShape, spec: ArchSpec) -> Case {
        let arch = spec.check().expect("a good spec");
        let mapping = gen::mapper::map(&shape, &arch).expect("a mapping");
        let numerics = Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, psum_shift: 0 };
        Case { spec, arch, shape, numerics, output: Output::Raw, mapping }
    }
}

impl Image {
    /// Runs the program that is in memory, and compares the ofmap.
    pub fn run(&mut self, arch: &Arch, seed: u64) -> Result<Stats, String> {
        let layout = self.program.layout;
        let stats = run(arch, &mut self.memory, layout.program, seed).map_err(|fault| format!("fault: {fault}"))?;
        let bytes = self.memory.written(layout.ofmap, self.plan.ofmap_bytes(&self.output));
        let ofmap = unpack_words(bytes.map_err(|fault| fault.to_string())?, self.ofmap_bits);
        let wrong = ofmap.iter().zip(&self.wanted).filter(|(have, want)| have != want).count();
        match wrong {
            0 => Ok(stats),
            _ => Err(format!("{wrong} of {} outputs are wrong", ofmap.len())),
        }
    }
}

/// Runs the layer in the interpreter and compares ofmap and counts.
pub fn check(case: &Case, seed: u64) -> Result<(Plan, Stats), String> {
    let mut image = prepare(case, seed)?;
    let stats = image.run(&case.arch, seed)?;
    let counts = &image.program.counts;
    if *counts != counts_of(&stats) || stats.layer != u64::from(seed as u32) {
        return Err(format!("predicted {counts:?}, counted {stats:?}"));
    }
    Ok((image.plan, stats))
}

fn counts_of(stats: &Stats) -> Counts {
    Counts {
        passes: stats.passes,
        macs: stats.macs,
        ifmap_bus_words: stats.ifmap_bus_words,
        filter_bus_lines: stats.filter_bus_lines,
        ifmap_reads: stats.ifmap_reads,
        ifmap_writes: stats.ifmap_writes,
        psum_reads: stats.psum_reads,
        psum_writes: stats.psum_writes,
        psum_drains: stats.psum_drains,
        dram_ifmap_bytes: stats.dram_ifmap_bytes,
        dram_filter_bytes: stats.dram_filter_bytes,
        dram_param_bytes: stats.dram_param_bytes,
        dram_program_bytes: stats.dram_program_bytes,
        dram_write_bytes: stats.dram_write_bytes,
    }
}

/// [`check`], or a panic that says all about the case.
#[track_caller]
pub fn must_hold(case: &Case, seed: u64) -> (Plan, Stats) {
    match check(case, seed) {
        Ok(result) => result,
        Err(error) => panic!(
            "seed {seed}: {error}\n{}\n{:?}\n{:?} {:?}\n{:?}",
            case.shape, case.spec, case.numerics, case.output, case.mapping
        ),
    }
}
