//! What must be refused: a part of a good case is made bad, and the message must name it, with its value and its limit.
//!
//! What the message must say is worked out here, from the case alone: nothing of it is asked of the code that refuses.

use super::case::Case;
use super::refusal_matrix as matrix;
use crate::random::Random;
use gen::mapper::{AnyMapping, Compression, Mapping, TileCols, TileRows};
use gen::numerics::{Numerics, Output, Requant};
use gen::shape::ConvShape;
use hw::arch::{BANK_LINES, LANES};
use hw::matrix::command::layer as matrix_layer;
use hw::program::{error, layer, seal, COMMAND_BYTES, COMMAND_WORDS, OPCODE};
use hw::{Arch, ArchSpec, CoreKind};

/// Something that must be refused.
pub struct Refusal {
    /// What a line of the message must say.
    must_say: Vec<String>,
    /// The message; none if it was not refused.
    said: Option<String>,
}

impl Refusal {
    /// Tries `what`, of whose message a line must have all of `must_say`.
    pub(super) fn of<T, E: ToString>(what: Result<T, E>, must_say: impl IntoIterator<Item = String>) -> Refusal {
        Refusal { must_say: must_say.into_iter().collect(), said: what.err().map(|error| error.to_string()) }
    }

    /// Why this is not the right refusal.
    pub fn fault(&self) -> Option<String> {
        let Refusal { must_say, said } = self;
        match said {
            None => Some(format!("not refused, for which one expects {must_say:?}")),
            Some(said) if said.lines().any(|line| must_say.iter().all(|part| line.contains(part))) => None,
            Some(said) => Some(format!("no line of the message says {must_say:?}: {said}")),
        }
    }
}

/// A bad design, shape, number or mapping, near to a good case.
pub fn bad(random: &mut Random, spec: &ArchSpec, arch: &Arch, case: &Case) -> Refusal {
    loop {
        let found = match random.range(0, 9) {
            0 | 1 => bad_spec(random, spec),
            2 | 3 => bad_shape(random, &case.shape),
            4 => bad_numbers(random, arch, case),
            what => match case.mapping {
                AnyMapping::Rs(mapping) => bad_mapping(random, arch, &case.shape, mapping, what),
                AnyMapping::Matrix(mapping) => matrix::bad_mapping(random, arch, &case.shape, mapping),
            },
        };
        if let Some(found) = found {
            return found;
        }
    }
}

/// A field by its name and value, as messages say it.
fn is(name: &str, value: usize) -> String {
    format!("`{name}` is {value}")
}

fn bad_spec(random: &mut Random, good: &ArchSpec) -> Option<Refusal> {
    let mut spec = good.clone();
    let (low, high) = (random.range(0, 1), random.range(1, 1000));
    let (name, value, rule): (_, _, &[&str]) = match random.range(0, 8) {
        0 => ("rows", pick(random, &mut spec.rows, 0, 256 + high), &["row", "array needs at least one PE"]),
        1 => ("cols", pick(random, &mut spec.cols, 0, 256 + high), &["column", "array needs at least one PE"]),
        2 => ("width", pick(random, &mut spec.width, low, 32 + high), &["2 to 32 bits"]),
        3 => ("psum_width", pick(random, &mut spec.psum_width, 1, 64 + high), &["2 to 64 bits"]),
        4 => {
            spec.psum_width = random.range(2, good.width.max(3) - 1);
            if spec.psum_width >= good.width {
                return None;
            }
            ("psum_width", spec.psum_width, &["at least as wide as a word"])
        }
        5 => ("glb_kb", pick(random, &mut spec.glb_kb, 0, 4096 + high), &["1 to 4096 KiB"]),
        6 => ("ifmap_spad", pick(random, &mut spec.ifmap_spad, 0, 256 + high), &["1 to 256 words"]),
        7 => ("filter_spad", pick(random, &mut spec.filter_spad, 0, 4096 + high), &["1 to 4096 words"]),
        _ => ("link_width", pick(random, &mut spec.link_width, 16, 8 * (16 + high)), &["32, 64 or 128 bits"]),
    };
    let errors = spec.check().map_err(|errors| errors.iter().map(|e| format!("{e}\n")).collect::<String>());
    // Of a side's two limits the message has that which is broken.
    let rule = if value == 0 { rule[rule.len() - 1] } else { rule[0] };
    Some(Refusal::of(errors, [is(name, value), rule.to_string()]))
}

/// Sets `place` to one of two values, and gives it.
fn pick(random: &mut Random, place: &mut usize, low: usize, high: usize) -> usize {
    *place = random.pick(&[low, high]);
    *place
}

fn bad_shape(random: &mut Random, good: &ConvShape) -> Option<Refusal> {
    let mut shape = *good;
    let must_say = match random.range(0, 4) {
        0 => {
            let (name, place) = match random.range(0, 5) {
                0 => ("n", &mut shape.n),
                1 => ("m", &mut shape.m),
                2 => ("r", &mut shape.r),
                3 => ("stride_h", &mut shape.stride_h),
                4 => ("stride_w", &mut shape.stride_w),
                _ => ("groups", &mut shape.groups),
            };
            *place = 0;
            vec![is(name, 0), "at least 1".into()]
        }
        1 => {
            shape.h = (1 << 20) + random.range(1, 1 << 20);
            vec![is("h", shape.h), (1 << 20).to_string()]
        }
        2 => {
            let (name, value) = random.pick(&[("c", good.c), ("m", good.m)]);
            shape.groups = good.c.max(good.m) + 1;
            vec![is(name, value), format!("`groups` = {} does not divide", shape.groups)]
        }
        3 => {
            shape.r = good.h + 2 * good.pad_h + random.range(1, 9);
            vec![is("r", shape.r), "height".into(), (good.h + 2 * good.pad_h).to_string()]
        }
        _ => {
            shape.s = good.w + 2 * good.pad_w + random.range(1, 9);
            vec![is("s", shape.s), "width".into(), (good.w + 2 * good.pad_w).to_string()]
        }
    };
    Some(Refusal::of(shape.check(), must_say))
}

fn bad_numbers(random: &mut Random, arch: &Arch, case: &Case) -> Option<Refusal> {
    let (mut numerics, m) = (case.numerics, case.shape.m);
    let (most, width) = (2 * numerics.width - 1, numerics.width as usize);
    let mut output = case.output.clone();
    let mut quantised = |scales: Vec<u32>, shifts: Vec<u32>| {
        output = Output::Quantised(Requant { relu: false, scales, shifts });
    };
    let must_say = match random.range(0, 4) {
        0 => {
            numerics.psum_shift = most + random.range(1, 100) as u32;
            vec![is("psum_shift", numerics.psum_shift as usize), most.to_string()]
        }
        1 => {
            let scale = random.range(65_536, 1 << 20);
            quantised(vec![scale as u32], vec![]);
            vec![is("scales[0]", scale), "65535".into()]
        }
        2 => {
            let (channel, shift) = (random.range(0, m - 1), random.range(64, 1000));
            let mut shifts = vec![0; m];
            shifts[channel] = shift as u32;
            quantised(vec![], shifts);
            vec![is(&format!("shifts[{channel}]"), shift), "63".into()]
        }
        3 => {
            quantised(vec![1; m + 2], vec![]);
            vec!["`scales`".into(), format!("{} values for {m}", m + 2)]
        }
        _ => {
            let other = if width == 32 { 31 } else { width + 1 };
            numerics = Numerics { width: other as u32, psum_shift: 0, ..numerics };
            vec!["`width`".into(), other.to_string(), format!("built for {width}"), format!("--width {other}")]
        }
    };
    let plan = case.mapping.check(&case.shape, arch).ok()?;
    // What is wrong with an output's numbers comes to light before a program is laid out.
    let layout = plan.place(&case.output, Compression::default(), 0);
    Some(Refusal::of(plan.build(&numerics, &output, &layout, 0), must_say))
}

/// A row-stationary mapping, near to a good one.
fn bad_mapping(random: &mut Random, arch: &Arch, shape: &ConvShape, good: Mapping, what: usize) -> Option<Refusal> {
    match what {
        5 => bad_size(random, arch, shape, good),
        6 => too_large_for_a_pe(random, arch, shape, good),
        7 => too_large_for_the_array(random, arch, shape, good),
        8 => too_large_for_the_buffer(random, arch, shape, good),
        _ => bad_groups(random, arch, shape, good),
    }
}

/// A size that is 0, or over what it is a part of.
fn bad_size(random: &mut Random, arch: &Arch, shape: &ConvShape, mut mapping: Mapping) -> Option<Refusal> {
    let (name, place, most) = match random.range(0, 13) {
        0 => ("n", &mut mapping.n, shape.n.min(256)),
        1 => ("e", &mut mapping.e, shape.e()),
        2 => ("p", &mut mapping.p, shape.m_per_group()),
        3 => ("q", &mut mapping.q, shape.c_per_group()),
        4 => ("r", &mut mapping.r, arch.rows),
        5 => ("t_rows", &mut mapping.t_rows, arch.rows),
        6 => ("t_cols", &mut mapping.t_cols, arch.cols),
        7 => ("groups", &mut mapping.groups, shape.groups),
        8 => ("folds", &mut mapping.folds, arch.rows.min(mapping.e)),
        9 => ("filter_rows", &mut mapping.filter_rows, shape.r),
        10 => ("filter_cols", &mut mapping.filter_cols, shape.s),
        11 => ("windows", &mut mapping.windows, shape.f().min(4096)),
        12 => ("tiles", &mut mapping.tiles, 2),
        _ => ("ifmap_banks", &mut mapping.ifmap_banks, (arch.banks - 1).min(255)),
    };
    let must_say = out_of_range(random, name, place, most);
    Some(Refusal::of(mapping.check(shape, arch), must_say))
}

/// Makes a size bad, and says what is to be said of it.
pub(super) fn out_of_range(random: &mut Random, name: &str, size: &mut usize, most: usize) -> Vec<String> {
    *size = if random.once_in(2) { 0 } else { most + random.range(1, 50) };
    match *size {
        0 => vec![is(name, 0), "at least 1".into()],
        value => vec![is(name, value), format!("over the {most} ")],
    }
}

/// A PE with more words than its spads hold.
fn too_large_for_a_pe(random: &mut Random, arch: &Arch, shape: &ConvShape, good: Mapping) -> Option<Refusal> {
    let (c, m) = (shape.c_per_group(), shape.m_per_group());
    let filter_cols = random.range(1, shape.s);
    let (q, p) = (random.range(1, c), random.range(1, m));
    let mapping = Mapping { p, q, filter_cols, m: p * good.t(), groups: 1, ..good };
    let spads = [
        (q * filter_cols, arch.ifmap_spad, "words", "ifmap"),
        (p * q * filter_cols, arch.filter_spad, "words", "filter"),
        (p, arch.psum_spad, "psums", "psum"),
    ];
    let broken: Vec<_> = spads.into_iter().filter(|(need, have, ..)| need > have).collect();
    let (need, have, unit, spad) = *broken.get(random.range(0, broken.len().max(1) - 1))?;
    let must_say =
        [format!("= {need} {unit} are over the {have} of a PE's {spad} spad"), format!("--{spad}-spad {need}")];
    Some(Refusal::of(mapping.check(shape, arch), must_say))
}

/// Sets that stand out over the array.
fn too_large_for_the_array(random: &mut Random, arch: &Arch, shape: &ConvShape, good: Mapping) -> Option<Refusal> {
    let mut mapping = good;
    (mapping.groups, mapping.folds) = (1, 1);
    let (need, have, side) = match random.once_in(2) {
        true => {
            mapping.r = random.range(1, arch.rows);
            mapping.t_rows = random.range(1, arch.rows);
            mapping.filter_rows = random.range(1, shape.r);
            (mapping.r * mapping.t_rows * mapping.filter_rows, arch.rows, "rows")
        }
        false => {
            mapping.e = random.range(1, shape.e());
            mapping.t_cols = random.range(1, arch.cols);
            (mapping.e * mapping.t_cols, arch.cols, "cols")
        }
    };
    mapping.m = (mapping.p * mapping.t_rows * mapping.t_cols).min(shape.m.max(arch.pes() * mapping.p));
    let must_say = [format!("= {need} PEs are over the array's {have} {side}"), format!("--{side} {need}")];
    (need > have).then(|| Refusal::of(mapping.check(shape, arch), must_say))
}

/// Tiles, or psums, that their banks do not hold.
fn too_large_for_the_buffer(random: &mut Random, arch: &Arch, shape: &ConvShape, good: Mapping) -> Option<Refusal> {
    let (n, windows) = (random.range(1, shape.n.min(256)), shape.f().min(4096));
    let m = random.range(1, shape.m_per_group().min(255));
    let one = Mapping { n, m, e: 1, p: 1, q: 1, r: 1, t_rows: 1, t_cols: 1, groups: 1, folds: 1, windows, ..good };
    let mapping = Mapping { tile_rows: TileRows::Filter, tile_cols: TileCols::Whole, tiles: 2, ifmap_banks: 1, ..one };
    let words = (n * shape.r.min(shape.h) * shape.w).next_multiple_of(LANES);
    let banks = (2 * words).div_ceil(BANK_LINES * LANES);
    let (lines, room) = (m * n * windows, (arch.banks - 1) * BANK_LINES);
    let must_say = match random.once_in(2) {
        true if banks > 1 => {
            vec![
                format!("2 tiles of {words} words need {banks} banks"),
                format!("`ifmap_banks` is 1 of {}", arch.banks),
            ]
        }
        false if lines > room => {
            let rest = arch.banks - 1;
            vec![format!("`m` = {m} filters take {lines} lines"), format!("{rest} of the buffer's banks hold {room}")]
        }
        _ => return None,
    };
    Some(Refusal::of(mapping.check(shape, arch), must_say))
}

/// Groups that cannot be side by side, and fewer filters than a pass has.
fn bad_groups(random: &mut Random, arch: &Arch, shape: &ConvShape, good: Mapping) -> Option<Refusal> {
    let mut mapping = good;
    let (c, groups) = (shape.c_per_group(), shape.groups);
    let must_say = match random.range(0, 2) {
        0 if groups > 1 && c > 1 => {
            (mapping.groups, mapping.q, mapping.r) = (groups, 1, 1);
            let found = format!("they are {c}, and `q` · `r` is 1");
            vec![is("groups", groups), "all channels of a group in a pass".into(), found]
        }
        1 if groups > 1 => {
            (mapping.groups, mapping.t_rows, mapping.t_cols) = (groups, 1, 1);
            vec![is("groups", groups), "as many sets for each of them".into(), "`t_rows` · `t_cols` is 1".into()]
        }
        2 if mapping.pass_filters() > 1 => {
            let pass = mapping.pass_filters();
            mapping.m = random.range(1, pass - 1);
            vec![is("m", mapping.m), format!("less than the {pass} ="), format!("raise it to {pass}")]
        }
        _ => return None,
    };
    Some(Refusal::of(mapping.check(shape, arch), must_say))
}

/// Makes a program bad; the cause that the hardware must stop with.
pub fn corrupt(random: &mut Random, arch: &Arch, program: &mut Vec<u8>) -> u64 {
    match random.range(0, 3) {
        0 => {
            let bit = random.range(0, 8 * program.len() - 1);
            program[bit / 8] ^= 1 << (bit % 8);
            error::CHECKSUM
        }
        1 => {
            first_command(program, |command| OPCODE.set(command, random.range(0x10, 0xff) as u64));
            error::OPCODE
        }
        2 => {
            // More taps than the largest ifmap spad has, or filters than there are columns.
            let field = match arch.dataflow.core() {
                CoreKind::RowStationary => layer::TAPS_M1,
                CoreKind::Matrix => matrix_layer::FILTERS,
            };
            first_command(program, |command| field.set(command, random.range(257, 0xffff) as u64));
            error::FIELD
        }
        _ => {
            program.truncate(program.len() - COMMAND_BYTES);
            error::NO_END
        }
    }
}

/// Changes a program's first command, and mends its checksum.
fn first_command(program: &mut [u8], change: impl FnOnce(&mut [u64; COMMAND_WORDS])) {
    let mut words = [0; COMMAND_WORDS];
    for (word, bytes) in words.iter_mut().zip(program.chunks_exact(8)) {
        *word = bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    }
    change(&mut words);
    seal(&mut words);
    for (word, bytes) in words.iter().zip(program.chunks_exact_mut(8)) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_message_in_one_line_is_a_refusal() {
        let must_say = || ["`p` is 9".to_string(), "over the 8 ".to_string()];
        let fault = |said: Result<(), &str>| Refusal::of(said, must_say()).fault();
        assert_eq!(fault(Err("`q` is 0\n`p` is 9, over the 8 filters; lower it")), None);
        assert!(fault(Ok(())).is_some());
        assert!(fault(Err("`p` is 9\n`q` is 9, over the 8 channels")).is_some());
        assert!(fault(Err("`p` is 9, over the 7 filters")).is_some());
    }
}
