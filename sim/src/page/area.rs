//! Area by module.

use super::grouped;
use crate::area::{Area, Part};
use crate::charts::{lines, Line};

/// Modules that have a bar of their own.
const NAMED: usize = 16;

/// What the page shows of an area.
pub struct ShownArea {
    pub liberty: String,
    pub nand2: String,
    pub gates: String,
    pub period: String,
    pub chart: String,
    pub parts: Vec<[String; 4]>,
}

/// A bar for each of the largest modules, and the main parts as rows of a table: name, instances, gates, share.
pub fn shown(area: &Area) -> anyhow::Result<ShownArea> {
    let (named, others) = area.modules.split_at(NAMED.min(area.modules.len()));
    let line = |part: &Part| Line {
        name: match part.instances {
            1 => part.name.clone(),
            times => format!("{times} × {}", part.name),
        },
        value: part.nand2 as f64,
    };
    let mut bars: Vec<Line> = named.iter().map(line).collect();
    let rest: u64 = others.iter().map(|part| part.nand2).sum();
    if rest > 0 {
        bars.push(Line { name: format!("{} other modules", others.len()), value: rest as f64 });
    }
    let row = |part: &Part| {
        let share = format!("{:.1} %", 100.0 * part.nand2 as f64 / area.gates as f64);
        [part.name.clone(), grouped(part.instances), grouped(part.nand2), share]
    };
    Ok(ShownArea {
        liberty: area.liberty.clone(),
        nand2: area.nand2.clone(),
        gates: grouped(area.gates),
        period: format!("{:.2}", area.period_ns),
        chart: lines("thousands of NAND2", 1e-3, &bars)?,
        parts: area.parts.iter().map(row).collect(),
    })
}
