use super::args::ConvArgs;
use super::input::{check_writable, print, unwritable, write_json};
use super::network::{run_layer, Layered, Way};
use crate::machine::{EngineKind, Machine, Setup};
use crate::report::table;
use crate::{files, npy, waves};
use anyhow::{bail, Context};
use std::path::Path;

/// `sim conv`: `true` if every output equals golden.
pub fn run(args: &ConvArgs) -> anyhow::Result<bool> {
    let arch = args.design.design()?.arch;
    let numerics = args.number.numerics(&arch)?;
    let (name, shape, tensors) = args.data.layer(&args.shape, &numerics)?;
    let output = args.number.output(&shape)?;
    let kind = args.run.engine;
    if args.vcd.is_some() && kind == EngineKind::Golden {
        bail!("`--vcd` wants a waveform, which `--engine golden` has none of; choose builtin, verilator or icarus");
    }
    check_writable([&args.out, &args.vcd, &args.run.json])?;
    // A device or a pipe cannot be read again.
    let waveform = args.vcd.as_deref().filter(|path| !path.exists() || path.is_file());
    waveform.map_or(Ok(()), check_groups)?;
    let (timing, threads) = (args.run.timing(&args.design, &arch)?, args.run.threads.count());
    let setup = Setup { timing, vcd: args.vcd.as_deref(), cache: None, threads };
    let layered = Layered { name: &name, shape: &shape, numerics: &numerics, output: &output, tensors: &tensors };
    // The layer must map before an engine is built for it, which can take a while.
    let goal = args.mapper.goal(&setup.timing.link(arch.link_clock), output.bytes(&arch));
    let mapping = args.mapper.mappings()?.of(&name, &shape, &arch, &goal)?.mapping();
    let mut machine = match kind {
        EngineKind::Golden => None,
        _ => Some(Machine::new(&arch, kind, &setup)?),
    };
    let way = Way { kind, reset_at: args.run.reset_at, wanted: args.run.rlc.of_layer(false, args.run.rlc_format) };
    let (report, ofmap) = run_layer(&layered, &arch, machine.as_mut(), &mapping, &way)?;
    // The waveform is whole once its engine is gone.
    drop(machine);
    if let Some(waveform) = waveform {
        write_groups(waveform)?;
    }
    print(&table(std::slice::from_ref(&report)))?;
    // An accelerator that has stopped has no ofmap.
    if let (Some(path), Some(ofmap)) = (&args.out, ofmap) {
        npy::write(path, ofmap.view())?;
    }
    if let Some(path) = &args.run.json {
        write_json(path, &report)?;
    }
    Ok(report.mismatches == 0)
}

/// Whether [`write_groups`] could write.
fn check_groups(waveform: &Path) -> anyhow::Result<()> {
    for path in waves::files(waveform) {
        if path == waveform {
            bail!("`--vcd {}` is the name of a file that goes with the waveform; end it in .vcd", path.display());
        }
        check_writable([&Some(path)])?;
    }
    Ok(())
}

/// Writes the groups of a waveform's signals beside it, for GTKWave and Surfer.
fn write_groups(waveform: &Path) -> anyhow::Result<()> {
    let texts = waves::texts(waveform).with_context(|| format!("{}: cannot read the waveform", waveform.display()))?;
    for (path, text) in waves::files(waveform).iter().zip(texts) {
        files::replace(path, |file| file.write_all(text.as_bytes())).with_context(|| unwritable(path))?;
    }
    Ok(())
}
