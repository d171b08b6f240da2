//! Runs a draw and judges it.

use super::case::Case;
use super::refusal;
use super::Outcome;
use crate::golden;
use crate::host::HostError;
use crate::machine::{Done, Machine, Work};
use crate::random::Random;
use crate::report::mismatch_lines;
use hw::program::error;
use hw::LinkClock;
use ndarray::Array4;

/// Runs a case, and holds its ofmap against golden and its counters against what was predicted.
pub fn whole(machine: &mut Machine, case: &Case) -> anyhow::Result<Outcome> {
    let tensors = case.tensors()?;
    let golden = golden::convolve(&case.shape, &case.numerics, &case.output, &tensors)?;
    machine.set_timing(&case.timing);
    let done = machine.run(&case.work(&tensors), None)?;
    Ok(compare(case, &done, &golden))
}

/// PE cycles for which a compressed layer is timed by its data.
const EFFORT: u64 = 40_000_000;

/// What a run came to, beside golden and what was predicted.
fn compare(case: &Case, done: &Done, golden: &Array4<i64>) -> Outcome {
    let Some(ofmap) = &done.ofmap else {
        let cause = done.run.status.cause;
        let what = format!("stopped with error cause {cause}: {}", error::describe(cause.into()));
        return Outcome::Failed { what };
    };
    if ofmap != golden {
        return Outcome::Mismatch { what: mismatch_lines(ofmap, golden).join("; ") };
    }
    let count = |name: &str| done.run.counters.get(name);
    if let Some(difference) = done.differences(&done.program.counts).first() {
        return Outcome::Counts { what: difference.to_string() };
    }
    // Of other data, how many there are is not known beforehand.
    let gated = match done.plan.arch().zero_gating {
        false => Some(0),
        true => count("MACS").filter(|_| case.zeros == 1.0),
    };
    if gated.is_some_and(|gated| count("GATED_MACS") != Some(gated)) {
        let what = format!("GATED_MACS is {:?}, with these zeros {gated:?}", count("GATED_MACS"));
        return Outcome::Counts { what };
    }
    let cycles = count("CYCLES").unwrap_or_default();
    let is_regular = case.timing.jitter.is_none() && done.plan.arch().link_clock == LinkClock::Sync;
    if case.is_compressed() && is_regular && cycles * done.plan.arch().pes() as u64 <= EFFORT {
        let predicted = done.predicted_cycles(&case.timing.link(LinkClock::Sync), 2 * cycles);
        if predicted != Some(cycles) {
            return Outcome::Counts { what: format!("CYCLES is {cycles}, predicted {predicted:?} with this data") };
        }
    }
    Outcome::Equal { cycles }
}

/// Runs a case with a corrupt program, which the hardware must refuse.
pub fn corrupt(machine: &mut Machine, case: &Case, random: &mut Random) -> anyhow::Result<Outcome> {
    let tensors = case.tensors()?;
    machine.set_timing(&case.timing);
    let work = Work { reset_at: None, ..case.work(&tensors) };
    let mut loaded = machine.load(&work)?;
    let cause = refusal::corrupt(random, loaded.plan.arch(), &mut loaded.program.bytes);
    loaded.dram.write(loaded.program.layout.program, &loaded.program.bytes)?;
    let expected = machine.expected(&work, &loaded).cycles;
    let status = machine.execute(&work, loaded, expected, None)?.run.status;
    Ok(match status.error && u64::from(status.cause) == cause {
        true => Outcome::Refused,
        false => {
            let what = format!("{status:?} after a corrupt program, expected error cause {cause}");
            Outcome::Failed { what }
        }
    })
}

/// What came of a run that did not end as runs should.
pub fn stopped(error: &anyhow::Error) -> Outcome {
    let what = format!("{error:#}");
    let hangs = |error: &HostError| matches!(error, HostError::Limit { .. } | HostError::NoAnswer { .. });
    match error.chain().any(|cause| cause.downcast_ref().is_some_and(hangs)) {
        true => Outcome::Hang { what },
        false => Outcome::Failed { what },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::{case, Options};
    use crate::machine::{EngineKind, Setup};

    #[test]
    fn an_output_or_a_count_that_is_not_right_is_seen() {
        let engine = EngineKind::Builtin;
        let options = Options { seed: 2, draws: 1, layers: 1, macs: 1000, side: 2, engine, only: None };
        let arch = case::design(&options, 0).check().unwrap();
        let mut machine = Machine::new(&arch, engine, &Setup::default()).unwrap();
        let case = Case { zeros: 0.0, ..Case::draw(&mut Random::of(2, 0), &arch, &options).unwrap() };

        let tensors = case.tensors().unwrap();
        let golden = golden::convolve(&case.shape, &case.numerics, &case.output, &tensors).unwrap();
        let mut done = machine.run(&case.work(&tensors), None).unwrap();
        assert!(matches!(compare(&case, &done, &golden), Outcome::Equal { .. }));
        let not_gated = Case { zeros: 1.0, ..case.clone() };
        assert!(matches!(compare(&not_gated, &done, &golden), Outcome::Counts { .. }));
        let mut other = golden.clone();
        other[[0, 0, 0, 0]] ^= 1;
        assert!(matches!(compare(&case, &done, &other), Outcome::Mismatch { .. }));
        done.program.counts.psum_drains += 1;
        assert!(matches!(compare(&case, &done, &golden), Outcome::Counts { .. }));
        done.ofmap = None;
        assert!(matches!(compare(&case, &done, &golden), Outcome::Failed { .. }));
    }

    #[test]
    fn a_run_without_an_end_is_a_hang_and_any_other_error_a_failure() {
        let what = stopped(&HostError::Limit { address: 0, limit: 5, state: "busy".into() }.into());
        assert!(matches!(what, Outcome::Hang { .. }), "{what:?}");
        assert!(matches!(stopped(&anyhow::anyhow!("broken")), Outcome::Failed { .. }));
    }
}
