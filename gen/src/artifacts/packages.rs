//! What tools of others take a design by: a FuseSoC core, constraints, a LibreLane configuration.

use super::constraints::{constraints, PERIOD_NS};
use crate::generate::TOP;
use crate::output::OutputFile;
use askama::Template;
use hw::{Arch, LinkClock};
use serde::Serialize;

#[derive(Template)]
#[template(path = "tessera.core", escape = "none")]
struct Core<'a> {
    design: &'a str,
    top: &'a str,
    core: &'a str,
    version: &'a str,
    rtl: &'a [&'a str],
}

/// The ports of the design's clocks: a name, or a list of them.
#[derive(Serialize)]
#[serde(untagged)]
enum Clocks {
    One(&'static str),
    Several(&'static [&'static str]),
}

/// LibreLane's `config.json`; see its documentation of common variables.
#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct LibreLane {
    design_name: &'static str,
    verilog_files: Vec<String>,
    clock_port: Clocks,
    clock_period: f64,
    pnr_sdc_file: String,
    signoff_sdc_file: String,
    fp_core_util: u32,
}

/// The name by which FuseSoC knows a design.
pub fn core_name(design: &str) -> String {
    format!("tessera:accelerators:{design}")
}

/// `tessera.core`, constraints, `librelane/config.json`. `rtl`: paths of the modules within the design's folder.
pub fn packages(design: &str, arch: &Arch, rtl: &[&str]) -> anyhow::Result<Vec<OutputFile>> {
    let is_async = arch.link_clock == LinkClock::Async;
    let file = |path: &str, text| OutputFile { path: path.into(), text };
    let core = Core { design, top: TOP, core: &core_name(design), version: env!("CARGO_PKG_VERSION"), rtl };
    let above = |path: &str| format!("dir::../{path}");
    let constraints = constraints(design, is_async)?;
    let sdc = &constraints[0].path;
    let librelane = LibreLane {
        design_name: TOP,
        verilog_files: rtl.iter().map(|path| above(path)).collect(),
        clock_port: if is_async { Clocks::Several(&["clk", "link_clk"]) } else { Clocks::One("clk") },
        clock_period: PERIOD_NS,
        pnr_sdc_file: above(sdc),
        signoff_sdc_file: above(sdc),
        fp_core_util: 40,
    };
    let librelane = serde_json::to_string_pretty(&librelane)? + "\n";
    let files = [file("tessera.core", core.render()?), file("librelane/config.json", librelane)];
    Ok(files.into_iter().chain(constraints).collect())
}
