use super::args::ReportArgs;
use super::feature_maps::{Rlc, RlcFormat, Zeros};
use super::input::{check_writable, unwritable};
use crate::area::Area;
use crate::files;
use crate::mapping_report::Mapped;
use crate::networks::Layer;
use crate::page::{page, PageLayer};
use crate::published::Chip;
use crate::traffic::{Compressed, Traffic};
use anyhow::Context;
use gen::console::say;
use gen::design::design_name;
use rayon::prelude::*;

/// `sim report`
pub fn run(args: &ReportArgs) -> anyhow::Result<()> {
    let design = args.design.design()?;
    let arch = &design.arch;
    let out = Some(args.out.clone());
    check_writable([&out])?;
    let area = args.area.as_ref().map(|path| Area::read(path, &design_name(&design.spec))).transpose()?;
    let network = args.layers.network()?;
    let first = args.layers.first()?;
    let goal = args.mapper.goal(&args.memory.timing(&args.design, arch)?.link(arch.link_clock), arch.word_bytes());
    let by_hand = args.mapper.mappings()?;
    let zeros = network.layers.iter().map(|layer| zeros(args.zeros, &args.layers.network, &layer.name));
    let zeros = zeros.collect::<anyhow::Result<Vec<_>>>()?;
    let map = |(index, (layer, zeros)): (usize, (&Layer, &Option<[f64; 2]>))| {
        let plan = by_hand.of(&layer.name, &layer.shape, arch, &goal)?;
        let wanted = Rlc::Both.of_layer(first.as_ref() == Some(&layer.name), RlcFormat::Shorter);
        let compressed = zeros.map(|zeros| Compressed::drawn(&plan, wanted, zeros, index as u64)).transpose()?;
        let mapped = Mapped::new(layer.name.clone(), plan.costed(), &goal);
        Ok(PageLayer { mapped, plain: Traffic::plain(&plan)?, compressed, plan })
    };
    let layers = network.layers.par_iter().zip(&zeros).enumerate().map(map);
    let layers: Vec<PageLayer> = layers.collect::<anyhow::Result<_>>()?;
    let html = page(&network.name, args.layers.batch, &design, &goal, &layers, area.as_ref())?;
    files::replace(&args.out, |file| file.write_all(html.as_bytes())).with_context(|| unwritable(&args.out))?;
    let text = format!("{}: {} layers; open it in a browser\n", args.out.display(), layers.len());
    say(&text).context("cannot write to the standard output")
}

/// Shares of zeros in a layer's ifmap and ofmap: as asked for, or as the chip's are known; none if neither.
fn zeros(asked: Option<Zeros>, network: &str, layer: &str) -> anyhow::Result<Option<[f64; 2]>> {
    let Some(asked) = asked else {
        return Ok(Chip::eyeriss().network(network).and_then(|measured| measured.zeros(layer)));
    };
    let (ifmap, ofmap) = asked.shares(network, layer)?;
    Ok(Some([ifmap, ofmap.unwrap_or(ifmap)]))
}
