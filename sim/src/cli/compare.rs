use super::args::{CompareArgs, LayersArgs};
use super::input::{check_writable, print, unwritable, write_json};
use crate::compare::{picture, tables, Comparison};
use crate::files;
use anyhow::Context;

/// `sim compare`
pub fn run(args: &CompareArgs) -> anyhow::Result<()> {
    check_writable([&args.json, &args.svg])?;
    let mut comparisons = Vec::new();
    for pes in &args.pes {
        for batch in &args.batch {
            let layers = LayersArgs { network: args.network.clone(), batch: *batch, only: args.only.clone() };
            let network = layers.network()?;
            comparisons.push(Comparison::of(&network, *pes, *batch, args.rf_area, args.objective));
        }
    }
    print(&tables(&comparisons))?;
    if let Some(path) = &args.svg {
        let svg = picture(&comparisons)?;
        files::replace(path, |file| file.write_all(svg.as_bytes())).with_context(|| unwritable(path))?;
    }
    match &args.json {
        Some(path) => write_json(path, &comparisons),
        None => Ok(()),
    }
}
