//! A layer from its shape to its ofmap: mapped, built, interpreted, and held against the golden model.

use super::{run, Fault, Memory, Stats};
use gen::mapper::{build, pack_filters, pack_params, pack_words, place, unpack_words};
use gen::mapper::{Compression, Counts, LayerProgram, Mapping, Plan, Slot};
use gen::numerics::{Numerics, Output};
use gen::shape::ConvShape;
use hw::rlc::{self, Codec, Format};
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
    pub compression: Compression,
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
    let Case { arch, shape, numerics, output, mapping, compression, .. } = case;
    let plan = mapping.check(shape, arch).map_err(|problems| problems.to_string())?;
    let tensors = RandomData::new(seed, 0.1).unwrap().tensors(shape, numerics, 0);
    let layout = place(&plan, output, *compression, 0x4000_0000 + 64 * (seed % 1000));
    let program = build(&plan, numerics, output, &layout, seed as u32).map_err(|error| error.to_string())?;

    let end = layout.program + program.bytes.len() as u64;
    let mut memory = Memory::new(layout.ifmap, (end - layout.ifmap) as usize);
    let filter: Vec<i64> = tensors.filter.iter().copied().collect();
    let filters = pack_filters(&plan, &filter);
    assert_eq!(filters.len(), plan.filter_bytes());
    let ifmap: Vec<i64> = tensors.ifmap.iter().copied().collect();
    // Where nothing is compressed there is no slot.
    let codec = |format: Option<Format>| Codec { format: format.unwrap_or(Format::Runs), width: arch.width };
    let mut read_codes = Vec::new();
    for slot in &program.ifmap_slots {
        let words: Vec<i64> = slot.part.elements(shape.ifmap_dims()).map(|element| ifmap[element]).collect();
        let codes = codec(layout.compression.ifmap).encode(&words);
        memory.put(slot.address, &rlc::slot(&codes, 1));
        read_codes.push(codes.len() as u64);
    }
    if layout.compression.ifmap.is_none() {
        memory.put(layout.ifmap, &pack_words(ifmap, arch.width));
    }
    memory.put(layout.filters, &filters);
    memory.put(layout.params, &pack_params(tensors.bias.as_slice().unwrap(), output));
    memory.put(layout.program, &program.bytes);
    let wanted = golden::convolve(shape, numerics, output, &tensors).map_err(|error| error.to_string())?;
    let wanted: Vec<i64> = wanted.into_iter().collect();
    let code_count = |slot: &Slot| {
        let words: Vec<i64> = slot.part.elements(shape.ofmap_dims()).map(|element| wanted[element]).collect();
        codec(layout.compression.ofmap).encode(&words).len() as u64
    };
    let write_codes: Vec<u64> = program.ofmap_slots.iter().map(code_count).collect();
    let program = program.with_codes(&plan.arch, &read_codes, &write_codes);
    let (output, ofmap_bits) = (output.clone(), output.width(numerics) as usize);
    Ok(Image { plan, program, memory, output, ofmap_bits, wanted })
}

impl Case {
    /// A layer on an array as the mapper lays it, with raw psums and no shift.
    pub fn mapped(shape: ConvShape, spec: ArchSpec) -> Case {
        let arch = spec.check().expect("a good spec");
        let mapping = gen::mapper::map(&shape, &arch).expect("a mapping");
        let numerics = Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, psum_shift: 0 };
        Case { spec, arch, shape, numerics, output: Output::Raw, mapping, compression: Compression::default() }
    }
}

impl Image {
    /// Runs the program that is in memory, and compares the ofmap.
    pub fn run(&mut self, arch: &Arch, seed: u64) -> Result<Stats, String> {
        let layout = self.program.layout;
        let stats = run(arch, &mut self.memory, layout.program, seed).map_err(|fault| format!("fault: {fault}"))?;
        let ofmap = self.ofmap(arch).map_err(|fault| fault.to_string())?;
        let wrong = ofmap.iter().zip(&self.wanted).filter(|(have, want)| have != want).count();
        match wrong {
            0 => Ok(stats),
            _ => Err(format!("{wrong} of {} outputs are wrong", ofmap.len())),
        }
    }
}

impl Image {
    /// What the program has left in memory.
    fn ofmap(&self, arch: &Arch) -> Result<Vec<i64>, Fault> {
        let layout = self.program.layout;
        let Some(format) = layout.compression.ofmap else {
            let bytes = self.memory.written(layout.ofmap, self.plan.ofmap_bytes(&self.output))?;
            return Ok(unpack_words(bytes, self.ofmap_bits));
        };
        let codec = Codec { format, width: arch.width };
        let mut ofmap = vec![i64::MIN; self.wanted.len()];
        for slot in &self.program.ofmap_slots {
            let numbers = |address, count| -> Result<Vec<u64>, Fault> {
                Ok(unpack_words(self.memory.written(address, 8 * count)?, 64).iter().map(|code| *code as u64).collect())
            };
            let count = numbers(slot.address, 1)?[0] as usize;
            let codes = numbers(slot.address + rlc::SLOT_HEAD as u64, count)?;
            let words = codec.decode(&codes, slot.part.words()).map_err(|error| Fault(error.to_string()))?;
            for (element, word) in slot.part.elements(self.plan.shape.ofmap_dims()).zip(words) {
                ofmap[element] = word;
            }
        }
        Ok(ofmap)
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
        rlc_read_codes: stats.rlc_read_codes,
        rlc_write_codes: stats.rlc_write_codes,
    }
}

/// [`check`], or a panic that says all about the case.
#[track_caller]
pub fn must_hold(case: &Case, seed: u64) -> (Plan, Stats) {
    match check(case, seed) {
        Ok(result) => result,
        Err(error) => panic!(
            "seed {seed}: {error}\n{}\n{:?}\n{:?} {:?}\n{:?} {:?}",
            case.shape, case.spec, case.numerics, case.output, case.mapping, case.compression
        ),
    }
}
