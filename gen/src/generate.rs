//! Everything that `gen` writes for a design.

use crate::artifacts;
use crate::design::{design_name, Design};
use crate::output::OutputFile;
use crate::verilog::emit;
use anyhow::Context;
use hw::accelerator::Accelerator;
use hw::rtl::prelude::Block;
use hw::{Arch, ArchSpec};
use serde::Serialize;

/// Name of the top module.
pub const TOP: &str = "tessera";

/// A design as files.
pub struct Generated {
    /// Name of the design, which is that of its folder.
    pub name: String,
    /// All files, by path within the design's folder.
    pub files: Vec<OutputFile>,
    /// What `design.json` holds.
    pub json: String,
}

/// `design.json`.
#[derive(Serialize)]
struct DesignJson<'a> {
    design: &'a str,
    top: &'static str,
    /// The spec: `gen --config` builds the same design from these fields.
    spec: &'a ArchSpec,
    /// What follows from it.
    built: &'a Arch,
    modules: Vec<&'a str>,
}

/// The Verilog of an accelerator, elaborated from its blocks.
pub fn verilog(arch: &Arch) -> Result<crate::verilog::Verilog, crate::verilog::EmitError> {
    let mut accelerator = Accelerator::new(arch);
    accelerator.connect_all();
    emit(&accelerator, TOP)
}

/// Generates a design.
pub fn generate(design: &Design) -> anyhow::Result<Generated> {
    let name = design_name(&design.spec);
    let verilog = verilog(&design.arch)?;
    let file = |path: &str, text: String| OutputFile { path: path.into(), text };
    let mut files: Vec<OutputFile> =
        verilog.modules.iter().map(|m| file(&format!("rtl/{}.v", m.name), m.text.clone())).collect();
    let paths: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
    let rtl: Vec<&str> = paths.iter().map(String::as_str).collect();
    let modules = verilog.modules.iter().map(|m| m.name.as_str()).collect();
    let json = DesignJson { design: &name, top: TOP, spec: &design.spec, built: &design.arch, modules };
    let json = serde_json::to_string_pretty(&json)? + "\n";
    files.push(file("rtl.f", rtl.join("\n") + "\n"));
    files.push(file("design.json", json.clone()));
    files.push(file("design.mk", artifacts::makefile(&name)?));
    files.extend(artifacts::register_map(&name)?);
    files.extend(artifacts::driver(&name, &design.arch)?);
    files.extend(artifacts::packages(&name, &design.arch, &rtl)?);
    files.push(artifacts::litex(&name, &design.arch)?);
    files.extend(artifacts::testbench(&name, &design.arch).context("no testbench for this design")?);
    Ok(Generated { name, files, json })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_168_pe_design_is_short_enough_to_read() {
        let arch = ArchSpec::default().check().unwrap();
        assert_eq!(arch.rows * arch.cols, 168);
        let modules = verilog(&arch).unwrap().modules;
        let lines: usize = modules.iter().map(|module| module.text.lines().count()).sum();
        assert!(modules.len() <= 60 && lines <= 6000, "{} modules, {lines} lines", modules.len());
    }
}
