use super::args::MapArgs;
use super::input::{check_writable, print, write_json};
use crate::mapping_report::{mapping_tables, Mapped, ASYNC_NOTE};
use crate::networks::{find_layer, names_layer, Network};
use anyhow::bail;
use gen::shape::ConvShape;
use hw::LinkClock;
use rayon::prelude::*;

/// `sim map`
pub fn run(args: &MapArgs) -> anyhow::Result<()> {
    let arch = args.design.design()?.arch;
    check_writable([&args.json])?;
    let link = args.memory.timing(&args.design, &arch)?.link(arch.link_clock);
    let goal = args.mapper.goal(&link, arch.word_bytes());
    let by_hand = args.mapper.mappings()?;
    let map = |(layer, shape): (String, ConvShape)| {
        let plan = by_hand.of(&layer, &shape, &arch, &goal)?;
        Ok(Mapped::new(layer, plan.costed(), &goal))
    };
    let mapped: Vec<Mapped> = layers(args)?.into_par_iter().map(map).collect::<anyhow::Result<_>>()?;
    print(&mapping_tables(&mapped))?;
    if arch.link_clock == LinkClock::Async {
        print(ASYNC_NOTE)?;
    }
    match &args.json {
        Some(path) => write_json(path, &mapped),
        None => Ok(()),
    }
}

/// The layers that the command line names.
fn layers(args: &MapArgs) -> anyhow::Result<Vec<(String, ConvShape)>> {
    let batched = |shape: ConvShape| ConvShape { n: args.shape.batch.unwrap_or(shape.n), ..shape };
    match &args.target {
        Some(target) if names_layer(target) => Ok(vec![(target.clone(), batched(find_layer(target)?.shape))]),
        Some(target) => {
            let layers = Network::find(target)?.layers;
            Ok(layers.into_iter().map(|l| (l.name, batched(l.shape))).collect())
        }
        None => match args.shape.layer()? {
            Some(layer) => Ok(vec![layer]),
            None => bail!("nothing to map; name a network or a layer, or give --m --c --h --w --r --s"),
        },
    }
}
