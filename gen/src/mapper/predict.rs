//! How long a plan's program takes: in the twin, if that is affordable; else by the timeline, with what the twin measures of it.

use super::cost::{Cost, LONG};
use super::layout::{place, Compression};
use super::matrix::{self, MatrixPlan};
use super::plan::Plan;
use super::twin::{self, Codes, Run};
use super::{build, timeline, LayerProgram, Link, MapError};
use crate::numerics::{Numerics, Output, Requant};
use hw::Arch;

/// PE cycles for which a program is run in the twin, to predict its time.
pub(super) const EFFORT: u64 = 160_000_000;
/// The same for all mappings in all that a search looks at.
pub(super) const SEARCH_EFFORT: u64 = 40_000_000;
/// PEs that take as long in the twin as all that is around them.
const AROUND: u64 = 30;
/// The same for an array that multiplies by a matrix, in which nothing stalls.
const MATRIX: u64 = 10;
/// PE cycles that it takes to measure the beats of a plan's passes, about, and to write a pass's commands.
const BEATS: u64 = 10_000_000;
const COMMANDS: u64 = 50;
/// Cycles that a program takes beside its passes, about: those of a small layer are nearly all of this kind.
const START: u64 = 5_000;
/// Turns of the loops inside of a place by which the twin and the timeline are compared, at the least.
const TURNS: usize = 2;

/// Cycles of a plan's program, whose ofmap words have `ofmap_bytes` bytes in memory, with `effort` PE cycles of the twin.
pub(super) fn cycles(plan: &Plan, link: &Link, ofmap_bytes: usize, cost: &Cost, effort: u64) -> u64 {
    let written = program(&plan.arch, ofmap_bytes, |numerics, output| {
        build(plan, numerics, output, &place(plan, output, Compression::default(), 0), 0)
    });
    let Ok((words, address)) = written else {
        // The program cannot be written; whoever writes it is told why.
        return timeline::cycles(plan, link, ofmap_bytes, cost, &[], 0).0;
    };
    let most = effort / (plan.active_pes() as u64 + AROUND);
    let Run { cycles, collected } = twin::run(&words, address, &plan.arch, link, Codes::default(), most);
    cycles.unwrap_or_else(|| {
        let beats = twin::beats(&words, &plan.arch);
        let (cycles, expected) = timeline::cycles(plan, link, ofmap_bytes, cost, &beats, collected.len());
        continued(&collected, &expected, cycles, plan.turns() * plan.chunk)
    })
}

/// [`cycles`] as near as what is left of `effort` allows; none if that is nothing.
pub(super) fn ranked(plan: &Plan, link: &Link, ofmap_bytes: usize, cost: &Cost, effort: &mut u64) -> Option<u64> {
    let pes = plan.active_pes() as u64 + AROUND;
    let commands = plan.passes() as u64 * COMMANDS;
    // Most layers take less than twice what they take at the least.
    let whole = (2 * cost.at_least() + START) * pes + commands;
    if whole <= *effort {
        let cycles = cycles(plan, link, ofmap_bytes, cost, whole);
        *effort -= whole.min(cycles * pes + commands);
        return Some(cycles);
    }
    *effort = effort.checked_sub(BEATS + commands)?;
    Some(cycles(plan, link, ofmap_bytes, cost, 0))
}

/// Cycles of the program of a plan of an array that multiplies by a matrix, whose closed form says `estimate`, with `effort` PE cycles of the twin; `estimate` for a long one.
pub(super) fn matrix_cycles(plan: &MatrixPlan, link: &Link, ofmap_bytes: usize, estimate: u64, effort: u64) -> u64 {
    if plan.passes() > LONG {
        return estimate;
    }
    let written = program(&plan.arch, ofmap_bytes, |numerics, output| {
        matrix::build(plan, numerics, output, &matrix::place(plan, output, Compression::default(), 0), 0)
    });
    let Ok((words, address)) = written else { return estimate };
    let Run { cycles, collected } =
        twin::run(&words, address, &plan.arch, link, Codes::default(), effort / (AROUND + MATRIX));
    cycles.unwrap_or_else(|| match collected.last() {
        // What is left goes on at the pace of what has been.
        Some(last) => (u128::from(*last) * plan.passes() as u128 / collected.len() as u128) as u64,
        None => estimate,
    })
}

/// The words of a program for these numerics and this output, and their address. Neither numerics nor parameters change the time that it takes.
fn program(
    arch: &Arch,
    ofmap_bytes: usize,
    build: impl FnOnce(&Numerics, &Output) -> Result<LayerProgram, MapError>,
) -> Result<(Vec<u64>, u64), MapError> {
    let numerics = Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, psum_shift: 0 };
    let output = match ofmap_bytes == arch.word_bytes() {
        true => Output::Quantised(Requant::default()),
        false => Output::Raw,
    };
    let program = build(&numerics, &output)?;
    Ok((words(&program), program.layout.program))
}

fn words(program: &LayerProgram) -> Vec<u64> {
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    program.bytes.chunks_exact(8).map(word).collect()
}

/// Cycles of a program for `arch` as the hardware counts them, on a memory without jitter, with the data of its compressed slots: `codes` says how many words
/// each code of each of them stands for. None if that takes more than `most` cycles.
pub fn cycles_with_data(arch: &Arch, program: &LayerProgram, link: &Link, codes: Codes, most: u64) -> Option<u64> {
    twin::run(&words(program), program.layout.program, arch, link, codes, most).cycles
}

/// The time of a program whose first passes were collected at these times, and which would take `cycles` if they were at the `expected` ones.
///
/// What is left goes on at the pace at which the twin went beside the timeline, over whole turns of `turn` passes: then all that happens in a
/// turn has its weight. Less than some turns say nothing about the pace.
fn continued(collected: &[u64], expected: &[u64], cycles: u64, turn: usize) -> u64 {
    // The first pass begins with nothing there.
    let turns = collected.len().saturating_sub(1) / turn;
    let Some(last) = collected.len().checked_sub(1) else { return cycles };
    let left = cycles - expected[last];
    if turns < TURNS {
        return collected[last] + left;
    }
    // Nothing was stored beside the passes of the first turn.
    let from = last - (turns - 1) * turn;
    let (counted, of) = (collected[last] - collected[from], expected[last] - expected[from]);
    collected[last] + (u128::from(left) * u128::from(counted) / u128::from(of.max(1))) as u64
}

#[cfg(test)]
mod tests {
    use super::super::{cost, search, Goal};
    use super::*;
    use crate::shape::ConvShape;
    use hw::ArchSpec;

    /// A layer of some ten thousand cycles, whole, in part and by its beats alone.
    #[test]
    fn a_part_of_a_program_says_how_long_all_of_it_takes() {
        let arch = ArchSpec { rows: 6, cols: 7, glb_kb: 24, psum_width: 16, ..ArchSpec::default() }.check().unwrap();
        let shape =
            ConvShape { n: 2, m: 40, c: 24, h: 27, w: 27, r: 3, s: 3, pad_h: 1, pad_w: 1, ..ConvShape::default() };
        let link = Link::EYERISS;
        let mapping = search(&shape, &arch, &Goal { link, ..Goal::new(&arch) }).unwrap();
        let plan = mapping.check(&shape, &arch).unwrap();
        let cost = cost::cost(&plan, &link, 2);
        let with = |effort: u64| cycles(&plan, &link, 2, &cost, effort) as f64;
        let whole = with(EFFORT);
        for (effort, most) in [(0, 0.08), (3_000_000, 0.035)] {
            let error = with(effort) / whole - 1.0;
            assert!(error.abs() < most, "{effort}: {} of {whole}, off by {error}", with(effort));
        }
    }

    #[test]
    fn what_is_left_goes_on_at_the_pace_of_whole_turns() {
        // A slow start, then four passes a turn: 12 cycles each and 20 more for the turn, where 10 and 10 were expected.
        let time = |start: u64, pass: u64, turn: u64| move |n: u64| start + pass * n + turn * (n / 4);
        let collected: Vec<u64> = (0..14).map(time(500, 12, 20)).collect();
        let expected: Vec<u64> = (0..14).map(time(100, 10, 10)).collect();
        let whole = |f: &dyn Fn(u64) -> u64| f(4 * 100 + 13);
        let (cycles, counted) = (whole(&time(100, 10, 10)), whole(&time(500, 12, 20)));
        assert_eq!(continued(&collected, &expected, cycles, 4), counted);
    }

    #[test]
    fn less_than_two_turns_say_when_they_were_and_nothing_about_the_pace() {
        assert_eq!(continued(&[70, 1000, 2000], &[5, 10, 15], 400, 2), 2000 + 385);
        assert_eq!(continued(&[], &[], 400, 2), 400);
    }
}
