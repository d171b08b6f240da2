use super::args::{within, LayersArgs};
use super::input::{check_writable, print, unwritable, write_json};
use super::measured::{self, MeasuredArgs};
use crate::compare::{picture, tables, Comparison, Drawn};
use crate::files;
use crate::networks::Network;
use anyhow::Context;
use clap::{Arg, Args};
use gen::mapper::Objective;
use gen::taxonomy::RF_AREA;
use hw::arch::MAX_SIDE;
use serde::Serialize;
use std::path::PathBuf;

/// Numbers of PEs that the experiment has, if the options do not say.
const PES: [usize; 1] = [256];

/// `sim compare`
#[derive(Args, Debug)]
#[command(mut_args(of_measured))]
pub struct CompareArgs {
    /// A built-in network (alexnet, vgg16, googlenet, resnet18, resnet50, mobilenet_v1, squeezenet1_1, tiny3) or a TOML file
    pub network: String,
    /// Numbers of PEs, separated by commas [default: 256; with --measured, what the sizes below say]
    #[arg(long, value_delimiter = ',', value_name = "N,N", value_parser = pes)]
    pub pes: Vec<usize>,
    /// Numbers of images N, separated by commas
    #[arg(long, value_delimiter = ',', default_value = "1", value_name = "N,N")]
    pub batch: Vec<usize>,
    /// Only these layers, separated by commas
    #[arg(long = "layers", value_delimiter = ',', value_name = "a,b")]
    pub only: Vec<String>,
    /// What mappings are to have little of
    #[arg(long, value_enum, default_value_t = Objective::Energy)]
    pub objective: Objective,
    /// Area of a byte of a 512-byte register file, in bytes of the buffer: what smaller register files leave to the buffer
    #[arg(long, default_value_t = RF_AREA, value_name = "RATIO", value_parser = rf_area)]
    pub rf_area: f64,
    /// Draw an SVG: for each dataflow a bar by level and one by what is moved; of several chips or batches, bars by level, in the order of the tables
    #[arg(long, value_name = "FILE.svg")]
    pub svg: Option<PathBuf>,
    /// Write mappings and figures as JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    #[command(flatten)]
    pub measured: MeasuredArgs,
}

/// `sim compare`: `true`, if nothing was measured that is not as predicted.
pub fn run(args: &CompareArgs) -> anyhow::Result<bool> {
    check_writable([&args.json, &args.svg])?;
    if args.measured.measured {
        return measured::run(args);
    }
    let sizes = if args.pes.is_empty() { &PES[..] } else { &args.pes };
    let mut comparisons = Vec::new();
    for pes in sizes {
        for batch in &args.batch {
            comparisons.push(Comparison::of(&args.network(*batch)?, *pes, *batch, args.rf_area, args.objective));
        }
    }
    let drawn: Vec<Drawn> = comparisons.iter().map(Drawn::from).collect();
    args.tell(&tables(&comparisons), &drawn, &comparisons)?;
    Ok(true)
}

impl CompareArgs {
    /// The layers, with this batch.
    pub fn network(&self, batch: usize) -> anyhow::Result<Network> {
        LayersArgs { network: self.network.clone(), batch, only: self.only.clone() }.network()
    }

    /// Prints the tables and writes the files that are asked for.
    pub fn tell(&self, tables: &str, drawn: &[Drawn], results: &impl Serialize) -> anyhow::Result<()> {
        print(tables)?;
        if let Some(path) = &self.svg {
            let svg = picture(drawn)?;
            files::replace(path, |file| file.write_all(svg.as_bytes())).with_context(|| unwritable(path))?;
        }
        match &self.json {
            Some(path) => write_json(path, results),
            None => Ok(()),
        }
    }
}

/// An option; the memory is of no use but to what runs.
fn of_measured(option: Arg) -> Arg {
    match option.get_help_heading() {
        Some("Memory") => option.requires("measured"),
        _ => option,
    }
}

fn pes(text: &str) -> Result<usize, String> {
    within(text, 1..=MAX_SIDE * MAX_SIDE)
}

fn rf_area(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|ratio| (1.0..=100.0).contains(ratio)).ok_or_else(|| "write a number from 1 to 100".into())
}
