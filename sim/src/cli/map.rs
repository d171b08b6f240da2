use super::args::MapArgs;
use super::input::{check_writable, print, write_json};
use crate::networks::{find_layer, names_layer, Network};
use anyhow::{bail, Context};
use comfy_table::{presets, CellAlignment, Table};
use gen::mapper::{estimate, map, Cost, Mapping};
use gen::shape::ConvShape;
use serde::Serialize;

/// A layer's mapping, as JSON.
#[derive(Serialize)]
struct Mapped {
    layer: String,
    shape: ConvShape,
    mapping: Mapping,
    cost: Cost,
}

/// `sim map`
pub fn run(args: &MapArgs) -> anyhow::Result<()> {
    let arch = args.design.design()?.arch;
    check_writable([&args.json])?;
    let mut mapped = Vec::new();
    for (layer, shape) in layers(args)? {
        let mapping = map(&shape, &arch).with_context(|| format!("layer `{layer}`"))?;
        let cost = estimate(&mapping.check(&shape, &arch)?);
        mapped.push(Mapped { layer, shape, mapping, cost });
    }
    print(&table(&mapped))?;
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

fn table(mapped: &[Mapped]) -> String {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header([
        "layer",
        "n",
        "m",
        "e",
        "p",
        "q",
        "r",
        "t",
        "folds",
        "strips cut",
        "PEs",
        "cycles (est.)",
        "bound by",
    ]);
    for Mapped { layer, shape, mapping: m, cost } in mapped {
        table.add_row([
            layer.clone(),
            m.n.to_string(),
            m.m.to_string(),
            m.e.to_string(),
            m.p.to_string(),
            m.q.to_string(),
            m.r.to_string(),
            m.t().to_string(),
            m.folds.to_string(),
            shape.e().div_ceil(m.e).to_string(),
            cost.active_pes.to_string(),
            cost.cycles.to_string(),
            format!("{:?}", cost.bound).to_lowercase(),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}
