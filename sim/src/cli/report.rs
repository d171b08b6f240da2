use super::args::ReportArgs;
use super::input::{check_writable, chosen, unwritable};
use crate::files;
use crate::mapping_report::Mapped;
use crate::networks::Layer;
use crate::page::{page, PageLayer};
use anyhow::Context;
use gen::console::say;
use rayon::prelude::*;

/// `sim report`
pub fn run(args: &ReportArgs) -> anyhow::Result<()> {
    let arch = args.design.design()?.arch;
    let out = Some(args.out.clone());
    check_writable([&out])?;
    let network = chosen(&args.network, &args.layers, args.batch)?;
    let goal = args.mapper.goal(&args.memory.timing(&args.design, &arch)?.link(arch.link_clock), arch.word_bytes());
    let by_hand = args.mapper.mappings()?;
    let map = |layer: &Layer| {
        let plan = by_hand.of(&layer.name, &layer.shape, &arch, &goal)?;
        Ok(PageLayer { mapped: Mapped::new(layer.name.clone(), &plan, &goal), plan })
    };
    let layers: Vec<PageLayer> = network.layers.par_iter().map(map).collect::<anyhow::Result<_>>()?;
    let html = page(&network.name, args.batch, &arch, &goal, &layers)?;
    files::replace(&args.out, |file| file.write_all(html.as_bytes())).with_context(|| unwritable(&args.out))?;
    let text = format!("{}: {} layers; open it in a browser\n", args.out.display(), layers.len());
    say(&text).context("cannot write to the standard output")
}
