//! A campaign's result, for people and as JSON.

use super::{Options, Record};
use comfy_table::{presets, CellAlignment, Table};
use serde::Serialize;

/// An error of a prediction up to which it counts as right.
const NEAR: f64 = 0.01;

/// A campaign in numbers.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Draws.
    pub draws: usize,
    /// Layers whose every output equals golden and whose every count is as predicted.
    pub equal: usize,
    /// Draws that had to be refused and were, with the right message.
    pub refused: usize,
    pub mismatches: usize,
    pub wrong_counts: usize,
    pub hangs: usize,
    pub failures: usize,
    /// Predicted cycles of mappings that the search found, on regular memories.
    pub searched: Option<Errors>,
    /// The same of mappings by chance.
    pub by_chance: Option<Errors>,
}

/// How far predictions are from counts, as fractions of the counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Errors {
    /// Predictions.
    pub layers: usize,
    /// The share of them that is within 1 %.
    pub within_1_percent: f64,
    pub median: f64,
    pub ninety_percent: f64,
    pub worst: f64,
}

impl Errors {
    /// The distribution of errors of either sign; none if there are none.
    pub fn of(errors: impl Iterator<Item = f64>) -> Option<Errors> {
        let mut sizes: Vec<f64> = errors.map(f64::abs).collect();
        sizes.sort_by(f64::total_cmp);
        // The least error that so many are not over.
        let at = |share: f64| sizes[(sizes.len() as f64 * share).ceil() as usize - 1];
        (!sizes.is_empty()).then(|| Errors {
            layers: sizes.len(),
            within_1_percent: sizes.iter().filter(|size| **size <= NEAR).count() as f64 / sizes.len() as f64,
            median: at(0.5),
            ninety_percent: at(0.9),
            worst: at(1.0),
        })
    }
}

impl Summary {
    pub fn of(records: &[Record]) -> Summary {
        let count = |name: &str| records.iter().filter(|record| record.outcome.name() == name).count();
        let errors = |chance: bool| {
            let of =
                records.iter().filter(|record| record.layer.as_ref().is_some_and(|layer| layer.by_chance == chance));
            Errors::of(of.filter_map(Record::cycle_error))
        };
        Summary {
            draws: records.len(),
            equal: count("equal"),
            refused: count("refused"),
            mismatches: count("mismatch"),
            wrong_counts: count("wrong count"),
            hangs: count("hang"),
            failures: count("failure"),
            searched: errors(false),
            by_chance: errors(true),
        }
    }

    /// Whether every draw came out as it should.
    pub fn is_good(&self) -> bool {
        self.equal + self.refused == self.draws
    }
}

/// What went wrong in a draw, with the command that runs it again.
pub fn failure(options: &Options, record: &Record, fault: &str) -> String {
    let Options { seed, layers, macs, side, engine, .. } = options;
    let layer = record.layer.as_ref().map_or(String::new(), |layer| format!(" of {}", layer.shape));
    format!(
        "draw {}: {}{layer}: {fault}\n  sim campaign --seed {seed} --layers {layers} --macs {macs} --side {side} --engine {} --only {}",
        record.draw,
        record.outcome.name(),
        engine.name(),
        record.draw
    )
}

/// A summary as two tables: the draws, and how good the predictions are.
pub fn tables(summary: &Summary) -> String {
    let mut draws = Table::new();
    draws.set_header(["draws", "equal", "refused as they must be", "mismatches", "wrong counts", "hangs", "failures"]);
    let Summary { draws: all, equal, refused, mismatches, wrong_counts, hangs, failures, .. } = *summary;
    draws.add_row([all, equal, refused, mismatches, wrong_counts, hangs, failures]);
    let mut errors = Table::new();
    errors.set_header(["predicted cycles of", "layers", "within 1 %", "median error", "90 % under", "worst"]);
    for (what, found) in [("mappings from the search", &summary.searched), ("mappings by chance", &summary.by_chance)] {
        let Some(Errors { layers, within_1_percent, median, ninety_percent, worst }) = *found else { continue };
        let percent = |x: f64| format!("{:.2} %", 100.0 * x);
        let share = format!("{:.1} %", 100.0 * within_1_percent);
        errors.add_row([
            what.into(),
            layers.to_string(),
            share,
            percent(median),
            percent(ninety_percent),
            percent(worst),
        ]);
    }
    for table in [&mut draws, &mut errors] {
        table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
        for column in table.column_iter_mut() {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    match errors.is_empty() {
        true => draws.to_string(),
        false => format!("{draws}\n{errors}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Outcome;
    use crate::machine::EngineKind;
    use expect_test::expect;
    use hw::ArchSpec;

    #[test]
    fn errors_of_either_sign_count_and_one_percent_is_near() {
        let errors = (1..=10).map(|percent| if percent % 2 == 0 { -0.01 } else { 0.01 } * percent as f64);
        let found = Errors::of(errors).unwrap();
        assert_eq!((found.layers, found.within_1_percent), (10, 0.1));
        assert_eq!([found.median, found.ninety_percent, found.worst], [0.05, 0.09, 0.1]);
        assert_eq!(Errors::of([].into_iter()), None);
    }

    #[test]
    fn a_campaign_with_any_fault_is_not_good_and_says_how_to_see_it_again() {
        let record = |outcome| Record { draw: 7, design: ArchSpec::default(), outcome, layer: None };
        let (equal, refused) = (record(Outcome::Equal { cycles: 5 }), record(Outcome::Refused));
        assert!(Summary::of(&[equal.clone(), refused]).is_good());
        let what = || "it is".to_string();
        for outcome in [
            Outcome::Mismatch { what: what() },
            Outcome::Counts { what: what() },
            Outcome::Hang { what: what() },
            Outcome::Failed { what: what() },
        ] {
            assert!(outcome.fault().is_some());
            assert!(!Summary::of(&[equal.clone(), record(outcome)]).is_good());
        }
        let engine = EngineKind::Verilator;
        let options = Options { seed: 3, draws: 20, layers: 10, macs: 1000, side: 4, engine, only: None };
        expect![[r#"
            draw 7: hang: no end
              sim campaign --seed 3 --layers 10 --macs 1000 --side 4 --engine verilator --only 7"#]]
        .assert_eq(&failure(&options, &record(Outcome::Hang { what: what() }), "no end"));
    }
}
