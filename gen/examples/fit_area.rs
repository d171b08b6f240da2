//! Fits the area model (`gen::area`) to designs that `scripts/synth-asic` has mapped: prints NAND2 for a bit of each part, and how far the model is from each design.
//!
//! `cargo run --release -p tessera-gen --example fit_area -- FOLDER…`, each a design's folder with `synth/asic/summary.json`.

use anyhow::Context;
use gen::area::Area;
use gen::generate::verilog;
use gen::verilog::{Part, Structure};
use hw::ArchSpec;
use serde::Deserialize;
use std::path::Path;

const PARTS: usize = Part::ALL.len();
/// Sweeps of coordinate descent.
const SWEEPS: usize = 100_000;
/// NAND2 of a bit as cells and text books have it: what the fit keeps to where designs say nothing else. In the order of [`Part::ALL`].
const USUAL: [f64; PARTS] = [5.0, 4.5, 4.5, 4.5, 10.0, 7.0, 4.0, 8.0, 2.0, 1.0];
/// The error of a design that counts as much as a part's being worth twice what is usual.
const TRUST: f64 = 0.1;

#[derive(Deserialize)]
struct Summary {
    design: String,
    gates: f64,
    modules: Vec<Module>,
}

#[derive(Deserialize)]
struct Module {
    name: String,
    instances: f64,
    nand2: f64,
}

#[derive(Deserialize)]
struct Design {
    spec: ArchSpec,
}

/// Counts of parts that take so many NAND2.
struct Row {
    design: usize,
    parts: [f64; PARTS],
    nand2: f64,
}

impl Row {
    fn of(design: usize, structure: &Structure, only_queues: bool, nand2: f64) -> Row {
        let is_queue = |part| matches!(part, Part::Queued | Part::Pointer);
        let count = |part| if is_queue(part) == only_queues { structure[part] as f64 } else { 0.0 };
        Row { design, parts: Part::ALL.map(count), nand2 }
    }

    fn scaled(&self, by: f64) -> Row {
        Row { parts: self.parts.map(|count| count * by), nand2: self.nand2 * by, ..*self }
    }
}

fn read<T: for<'a> Deserialize<'a>>(path: &Path) -> anyhow::Result<T> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} does not hold what is looked for", path.display()))
}

/// What the parts are worth, zero or more, so that the squares of the rows' errors and of relative distances from [`USUAL`] are few.
///
/// By coordinate descent on the normal equations.
fn fit<'a>(rows: impl Iterator<Item = &'a Row>) -> [f64; PARTS] {
    let (mut squares, mut along) = ([[0.0; PARTS]; PARTS], [0.0; PARTS]);
    for row in rows {
        for i in 0..PARTS {
            along[i] += row.parts[i] * row.nand2;
            (0..PARTS).for_each(|j| squares[i][j] += row.parts[i] * row.parts[j]);
        }
    }
    for (part, usual) in USUAL.into_iter().enumerate() {
        squares[part][part] += (TRUST / usual).powi(2);
        along[part] += TRUST.powi(2) / usual;
    }
    let mut worth = USUAL;
    for _ in 0..SWEEPS {
        for part in 0..PARTS {
            let others: f64 = (0..PARTS).filter(|p| *p != part).map(|p| squares[part][p] * worth[p]).sum();
            worth[part] = ((along[part] - others) / squares[part][part]).max(0.0);
        }
    }
    worth
}

fn nand2(structure: &Structure, worth: &[f64; PARTS]) -> f64 {
    Part::ALL.into_iter().zip(worth).map(|(part, nand2)| structure[part] as f64 * nand2).sum()
}

fn main() -> anyhow::Result<()> {
    let (mut rows, mut designs) = (vec![], vec![]);
    for (number, folder) in std::env::args().skip(1).enumerate() {
        let folder = Path::new(&folder);
        let summary: Summary = read(&folder.join("synth/asic/summary.json"))?;
        let design: Design = read(&folder.join("design.json"))?;
        let arch = design.spec.check().map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
        let verilog = verilog(&arch)?;
        let mut queues = 0.0;
        for Module { name, instances, nand2 } in &summary.modules {
            match verilog.module(name) {
                Some(module) if *nand2 > 0.0 => {
                    let row = Row::of(number, &module.own, false, nand2 / instances);
                    rows.push(row.scaled(instances / summary.gates));
                }
                Some(_) => {}
                None => queues += nand2,
            }
        }
        rows.push(Row::of(number, &verilog.whole, true, queues).scaled(1.0 / summary.gates));
        rows.push(
            Row { design: number, parts: Part::ALL.map(|part| verilog.whole[part] as f64), nand2: summary.gates }
                .scaled(1.0 / summary.gates),
        );
        designs.push((summary, verilog.whole));
    }
    let worth = fit(rows.iter());
    for (part, nand2) in Part::ALL.into_iter().zip(worth) {
        println!("{part:?} {nand2:.2}");
    }
    for (number, (Summary { design, gates, .. }, whole)) in designs.iter().enumerate() {
        let without = fit(rows.iter().filter(|row| row.design != number));
        let percent = |model: f64| 100.0 * (model / gates - 1.0);
        let model = Area::of_structure(whole);
        println!(
            "{design}: {gates} NAND2 counted; this fit {:+.1} %, a fit without this design {:+.1} %, `gen::area` {:+.1} %; memories {:.0}",
            percent(nand2(whole, &worth)),
            percent(nand2(whole, &without)),
            percent(model.logic),
            model.memories
        );
    }
    Ok(())
}
