use super::args::EnergyArgs;
use super::input::{check_writable, print, unwritable, write_json};
use crate::energy::{find_table, EnergyReport, Spent};
use crate::files;
use crate::networks::Layer;
use anyhow::Context;
use rayon::prelude::*;

/// `sim energy`
pub fn run(args: &EnergyArgs) -> anyhow::Result<()> {
    let arch = args.design.design()?.arch;
    check_writable([&args.json, &args.plot])?;
    let table = find_table(&args.table)?;
    let network = args.layers.network()?;
    let goal = args.mapper.goal(&args.memory.timing(&args.design, &arch)?.link(arch.link_clock), arch.word_bytes());
    let by_hand = args.mapper.mappings()?;
    let spent = |layer: &Layer| {
        let (zeros, _) = args.zeros.shares(&args.layers.network, &layer.name)?;
        let plan = by_hand.of(&layer.name, &layer.shape, &arch, &goal)?;
        let plan = plan.costed();
        let energy = table.energy(plan, &plan.counts(goal.ofmap_bytes), zeros);
        Ok(Spent { layer: layer.name.clone(), macs: layer.shape.macs(), zeros: Some(zeros), energy })
    };
    let report = EnergyReport {
        network: network.name.clone(),
        batch: args.layers.batch,
        source: table.source.clone(),
        unit: table.unit.clone(),
        layers: network.layers.par_iter().map(spent).collect::<anyhow::Result<_>>()?,
    };
    print(&report.text())?;
    if let Some(path) = &args.plot {
        let svg = report.picture()?;
        files::replace(path, |file| file.write_all(svg.as_bytes())).with_context(|| unwritable(path))?;
    }
    match &args.json {
        Some(path) => write_json(path, &report),
        None => Ok(()),
    }
}
