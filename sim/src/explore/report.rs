//! What a sweep has found: for people, as JSON and as a picture.

use super::front::front;
use super::{Candidate, Journal, Outcome, Taken};
use crate::charts::{scatters, Cloud, Panel, Spot};
use crate::digits::significant;
use crate::mapping_report::table;
use gen::area::Area;
use gen::design::array_name;
use hw::{ArchSpec, Dataflow, WsStyle};
use serde::Serialize;

/// Digits of a figure that count.
const DIGITS: i32 = 4;

/// A design that the network runs on.
#[derive(Clone, Debug, Serialize)]
pub struct Point {
    /// Its number in the front of its width; none behind it.
    pub number: Option<usize>,
    pub design: ArchSpec,
    /// NAND2.
    pub area: Area,
    /// In the unit of the table of costs.
    pub energy: f64,
    pub cycles: u64,
    /// Whether mappings were searched for in full.
    pub exact: bool,
}

/// What is known of a space.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Explored {
    /// Designs in the budget, those of the front first.
    pub points: Vec<Point>,
    pub over_budget: usize,
    /// Designs on which a layer does not map, and why.
    pub refused: Vec<(ArchSpec, String)>,
    /// Designs of which it is not known yet.
    pub open: usize,
}

impl Explored {
    /// What the journal says of these designs within a budget, NAND2.
    ///
    /// Each width has a front of its own: words of fewer bits do not compute the same.
    pub fn of(candidates: &[Candidate], journal: &Journal, budget: f64) -> Explored {
        let mut explored = Explored::default();
        for Candidate { spec, .. } in candidates {
            match (journal.area(spec), journal.outcome(spec)) {
                (Some(area), _) if area.total() > budget => explored.over_budget += 1,
                (Some(area), Some(Outcome::Exact(taken))) => explored.add(spec, area, taken, true),
                (Some(area), Some(Outcome::Quick(taken))) => explored.add(spec, area, taken, false),
                (_, Some(Outcome::Refused(why))) => explored.refused.push((spec.clone(), why.clone())),
                _ => explored.open += 1,
            }
        }
        explored.number();
        explored
    }

    fn add(&mut self, design: &ArchSpec, area: Area, taken: &Taken, exact: bool) {
        let Taken { energy, cycles } = *taken;
        self.points.push(Point { number: None, design: design.clone(), area, energy, cycles, exact });
    }

    fn number(&mut self) {
        self.points.sort_by(|a, b| {
            let order = |p: &Point| (p.design.width, p.cycles);
            order(a).cmp(&order(b)).then(a.energy.total_cmp(&b.energy)).then(a.area.total().total_cmp(&b.area.total()))
        });
        let mut last = 0;
        let mut next = 0;
        while next < self.points.len() {
            let width = self.points[next].design.width;
            let end = self.points.iter().rposition(|p| p.design.width == width).map_or(next, |at| at + 1);
            let objectives: Vec<_> =
                self.points[next..end].iter().map(|p| [p.energy, p.cycles as f64, p.area.total()]).collect();
            for at in front(&objectives) {
                last += 1;
                self.points[next + at].number = Some(last);
            }
            next = end;
        }
        self.points.sort_by_key(|point| point.number.unwrap_or(usize::MAX));
    }

    /// The designs that nothing else of their width beats, in the order of their numbers.
    pub fn front(&self) -> impl Iterator<Item = &Point> {
        self.points.iter().filter(|point| point.number.is_some())
    }

    /// The front as a table, and how many designs are behind it; energies in millions of `unit`.
    pub fn text(&self, title: &str, unit: &str) -> String {
        let header = [
            "",
            "design",
            "width",
            "storage in or beside PEs",
            "buffer\nKiB",
            "area\nkNAND2",
            "of it\nmemories",
            "time\nMcycles",
            "energy\nmillions",
            "energy × time\n10¹²",
        ];
        let row = |point: &Point| {
            let Point { number, design, area, energy, cycles, exact } = point;
            let kilo = |nand2: f64| format!("{:.0}", nand2 / 1e3);
            [
                number.map_or(String::new(), |number| number.to_string()),
                format!("{} {} × {}", array_name(design), design.rows, design.cols),
                design.width.to_string(),
                storage(design),
                design.glb_kb.to_string(),
                kilo(area.total()),
                kilo(area.memories),
                format!("{}{}", if *exact { "" } else { "≈ " }, significant(*cycles as f64 / 1e6, DIGITS)),
                significant(energy / 1e6, DIGITS),
                significant(energy * *cycles as f64 / 1e12, DIGITS),
            ]
        };
        let rows: Vec<_> = self.front().map(row).collect();
        let counts = [
            (self.points.len(), "designs within the budget"),
            (self.over_budget, "over it"),
            (self.refused.len(), "on which a layer does not map"),
            (self.open, "not looked at yet"),
        ];
        let counts: Vec<_> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        format!(
            "{title}: what no other design of its width beats in energy (millions of {unit}), time and area\n{}\n{}",
            table(header, rows),
            counts.join(", ")
        )
    }

    /// An SVG: energy over time and area over time, the front numbered.
    pub fn picture(&self, unit: &str) -> anyhow::Result<String> {
        let energy = |point: &Point| (point.cycles as f64 / 1e6, point.energy / 1e6);
        let area = |point: &Point| (point.cycles as f64 / 1e6, point.area.total() / 1e3);
        let panel = |y: String, of: &dyn Fn(&Point) -> (f64, f64)| Panel {
            x: "millions of cycles".into(),
            y,
            clouds: self.clouds(of),
        };
        let panels =
            [panel(format!("energy, millions of {unit}"), &energy), panel("area, thousands of NAND2".into(), &area)];
        scatters(&panels)
    }

    /// A cloud for each dataflow and width.
    fn clouds(&self, of: &dyn Fn(&Point) -> (f64, f64)) -> Vec<Cloud> {
        let kind = |p: &Point| format!("{}, {} bits", array_name(&p.design), p.design.width);
        let mut names: Vec<String> = self.points.iter().map(kind).collect();
        names.sort();
        names.dedup();
        let cloud = |name: String| {
            let spots = self.points.iter().filter(|point| kind(point) == name).map(|point| {
                let (x, y) = of(point);
                Spot { x, y, label: point.number.map(|number| number.to_string()) }
            });
            Cloud { spots: spots.collect(), name }
        };
        names.into_iter().map(cloud).collect()
    }
}

/// The storage that a design's dataflow has in its PEs, or beside them.
fn storage(design: &ArchSpec) -> String {
    match design.dataflow {
        Dataflow::Rs => format!("{}, {}, {} words", design.ifmap_spad, design.filter_spad, design.psum_spad),
        Dataflow::Ws if design.ws_style == WsStyle::Conv2d => {
            format!("{} psums a column, row FIFOs of {} pixels", design.accumulators, design.row_fifo)
        }
        Dataflow::Ws => format!("{} psums a column", design.accumulators),
        Dataflow::Nlr | Dataflow::Os | Dataflow::Is => {
            format!("{} psums a column, {} weight tiles", design.accumulators, design.weight_tiles)
        }
    }
}
