//! What `scripts/synth-asic` leaves in `synth/asic/summary.json` of a design's folder.

use anyhow::{bail, Context};
use serde::Deserialize;
use std::path::Path;

/// Name of a design's whole.
const TOP: &str = "tessera";

/// A design in standard cells. Memories that are read at the clock's edge stand for macros, whose area is not counted.
#[derive(Clone, Debug, Deserialize)]
pub struct Area {
    /// Name of the design.
    pub design: String,
    /// The module that was mapped.
    pub top: String,
    /// File of the cells.
    pub liberty: String,
    /// The cell in which `gates` count.
    pub nand2: String,
    /// The whole, in those.
    pub gates: u64,
    /// Clock period that the netlist reaches, ns.
    pub period_ns: f64,
    /// What the cells of each module take, without what it holds; the largest first.
    pub modules: Vec<Part>,
    /// What main parts take, with all that they hold.
    pub parts: Vec<Part>,
}

/// All instances of a module.
#[derive(Clone, Debug, Deserialize)]
pub struct Part {
    /// Name of the module.
    pub name: String,
    /// How many there are.
    pub instances: u64,
    /// What they take together, in NAND2.
    pub nand2: u64,
}

impl Area {
    /// Reads a summary, which must be of `design`.
    pub fn read(path: &Path, design: &str) -> anyhow::Result<Area> {
        let file = path.display();
        let text = std::fs::read_to_string(path).with_context(|| format!("`--area {file}` cannot be read"))?;
        let area: Area = serde_json::from_str(&text).with_context(|| {
            format!("`--area {file}` is not what scripts/synth-asic writes to synth/asic/summary.json; run it again")
        })?;
        if area.design != design {
            let of = &area.design;
            bail!("`--area {file}` is of the design `{of}`, the page of `{design}`; give both the same options");
        }
        if area.top != TOP {
            let top = &area.top;
            bail!("`--area {file}` is of the module `{top}` alone; run scripts/synth-asic again, without `--top`");
        }
        if area.gates == 0 || area.modules.is_empty() {
            bail!("`--area {file}` counts no cell; see the logs beside it, and run scripts/synth-asic again");
        }
        Ok(area)
    }
}
