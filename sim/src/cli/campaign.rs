use super::args::CampaignArgs;
use super::input::{check_writable, print, write_json};
use crate::campaign::{self, failure, tables, Options, Record, Summary};
use crate::machine::EngineKind;
use anyhow::{bail, Context};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// A campaign's result file.
#[derive(Serialize)]
struct Results<'a> {
    seed: u64,
    summary: &'a Summary,
    draws: &'a [Record],
}

/// `sim campaign`: `true` if every draw came out as it should.
pub fn run(args: &CampaignArgs) -> anyhow::Result<bool> {
    let CampaignArgs { draws, seed, layers, macs, side, engine, only, jobs, .. } = *args;
    if engine == EngineKind::Golden {
        bail!("a campaign compares an engine with golden; choose `--engine` builtin, verilator or icarus");
    }
    check_writable([&args.json])?;
    let options = Options { seed, draws, layers, macs, side, engine, only };
    // Designs of a campaign are of no use to anyone later.
    let cache = tempfile::tempdir().context("no folder for compiled designs")?;
    let bar = progress_bar(if only.is_some() { 1 } else { draws });
    let told = |record: &Record| {
        bar.inc(1);
        if let Some(fault) = record.outcome.fault() {
            bar.suspend(|| eprintln!("{}", failure(&options, record, fault)));
        }
    };
    let records = campaign::run(&options, jobs, cache.path(), told)?;
    bar.finish_and_clear();
    let summary = Summary::of(&records);
    print(&tables(&summary))?;
    if let Some(path) = &args.json {
        write_json(path, &Results { seed, summary: &summary, draws: &records })?;
    }
    Ok(summary.is_good())
}

/// A bar on the terminal's standard error: how many draws are done, how fast, and how long the rest will take.
fn progress_bar(draws: u64) -> ProgressBar {
    let bar = ProgressBar::new(draws);
    match ProgressStyle::with_template("campaign {wide_bar} {human_pos}/{human_len} draws, {per_sec}, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
