use super::args::{LayersArgs, MemoryArgs};
use super::feature_maps::Zeros;
use super::input::{check_writable, print, unwritable, write_json};
use crate::energy::find_table;
use crate::explore::{area_model, drawn, explore, Candidate, Control, Explored, Journal, Point, Question, Space};
use crate::files;
use anyhow::{bail, Context};
use clap::{value_parser, Args, ValueEnum};
use gen::design::{DataflowArg, DesignArgs, OsStyleArg, WsStyleArg};
use gen::mapper::{Goal, Objective};
use hw::ArchSpec;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// The exit code of a program that Ctrl-C has ended.
const INTERRUPTED: i32 = 130;

/// `sim explore`
#[derive(Args, Debug)]
pub struct ExploreArgs {
    #[command(flatten)]
    layers: LayersArgs,
    /// Area of a design at the most, memories included, in NAND2 of a model that is a few per cent off
    #[arg(long, default_value = "3M", value_name = "NAND2", value_parser = amount)]
    budget: f64,
    #[command(flatten)]
    space: SpaceArgs,
    /// Look at so many designs of the space, drawn by --seed
    #[arg(long, value_name = "DESIGNS", value_parser = value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Seed of the order in which designs are looked at
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Leave the front with what closed forms say of it
    #[arg(long)]
    quick: bool,
    /// What each layer's mapping is to have little of
    #[arg(long, value_enum, default_value_t = Objective::Edp)]
    objective: Objective,
    /// Costs of accesses and MACs, as for `sim energy`; isca16 has spads and buffers of all sizes cost the same
    #[arg(long, default_value = "65nm", value_name = "TABLE")]
    table: String,
    /// Share of ifmap words that are zero, 0 to 1; `chip`: as measured on the chip, layer by layer
    #[arg(long, default_value = "0", value_name = "FRACTION|chip")]
    zeros: Zeros,
    #[command(flatten)]
    memory: MemoryArgs,
    /// Where results are kept, a line of JSON each
    #[arg(long, default_value = "explore.jsonl", value_name = "FILE")]
    results: PathBuf,
    /// Draw an SVG: energy over time and area over time, the front numbered as in the table
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
    /// Write all designs that were looked at as JSON, the front first
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the config of design N of the front to --out, and look at no further design; `gen --config` builds it
    #[arg(long, value_name = "N", requires = "out", conflicts_with_all = ["plot", "json"])]
    pick: Option<usize>,
    /// File for the config of --pick
    #[arg(long, value_name = "FILE.toml", requires = "pick")]
    out: Option<PathBuf>,
}

/// The values of each size, separated by commas.
#[derive(Args, Debug)]
#[command(next_help_heading = "Space")]
struct SpaceArgs {
    /// Dataflows [default: all]
    #[arg(long, value_delimiter = ',', value_name = "a,b")]
    dataflows: Vec<DataflowArg>,
    /// Styles of weight-stationary arrays [default: all]
    #[arg(long, value_delimiter = ',', value_name = "a,b")]
    ws_styles: Vec<WsStyleArg>,
    /// Rows and columns of weights of convolution engines, K; designs whose rows are no multiple of K² are left out
    #[arg(long, value_delimiter = ',', value_name = "K,…", default_value = "3")]
    kernels: Vec<usize>,
    /// Row FIFOs of convolution engines, pixels
    #[arg(long, value_delimiter = ',', value_name = "PIXELS,…", default_value = "64,256")]
    row_fifos: Vec<usize>,
    /// Styles of output-stationary arrays [default: all]
    #[arg(long, value_delimiter = ',', value_name = "a,b")]
    os_styles: Vec<OsStyleArg>,
    /// Arrays, PE rows × columns
    #[arg(long, value_delimiter = ',', value_name = "RxC,…", value_parser = shape, default_value = "6x8,8x8,8x16,9x18,12x14,16x16,16x24,18x14,24x24")]
    shapes: Vec<(usize, usize)>,
    /// Widths of words, bits; psums have twice as many
    #[arg(long, value_delimiter = ',', value_name = "W,…", default_value = "8,16")]
    widths: Vec<usize>,
    /// On-chip buffers, KiB
    #[arg(long, value_delimiter = ',', value_name = "KiB,…", default_value = "54,108,216")]
    glb_kb: Vec<usize>,
    /// Ifmap scratchpads of row-stationary PEs, words
    #[arg(long, value_delimiter = ',', value_name = "WORDS,…", default_value = "12,24")]
    ifmap_spads: Vec<usize>,
    /// Filter scratchpads of row-stationary PEs, words
    #[arg(long, value_delimiter = ',', value_name = "WORDS,…", default_value = "112,224,448")]
    filter_spads: Vec<usize>,
    /// Psum scratchpads of row-stationary PEs, words
    #[arg(long, value_delimiter = ',', value_name = "WORDS,…", default_value = "16,24")]
    psum_spads: Vec<usize>,
    /// Psums of half a column's accumulator, in arrays of other dataflows
    #[arg(long, value_delimiter = ',', value_name = "PSUMS,…", default_value = "128,256,512")]
    accumulators: Vec<usize>,
    /// Weight tiles of the weight buffer, without local reuse, output and input stationary
    #[arg(long, value_delimiter = ',', value_name = "TILES,…", default_value = "16")]
    weight_tiles: Vec<usize>,
}

/// What `--json` holds.
#[derive(Serialize)]
struct Report<'a> {
    network: &'a str,
    batch: usize,
    /// Where the costs stand, and the unit of energies.
    source: &'a str,
    unit: &'a str,
    budget: f64,
    #[serde(flatten)]
    explored: &'a Explored,
}

/// `sim explore`
pub fn run(args: &ExploreArgs) -> anyhow::Result<()> {
    check_writable([&args.plot, &args.json, &args.out])?;
    let candidates = args.candidates()?;
    let table = find_table(&args.table)?;
    let network = args.layers.network()?;
    let zeros = network.layers.iter().map(|layer| Ok(args.zeros.shares(&args.layers.network, &layer.name)?.0));
    let zeros = zeros.collect::<anyhow::Result<Vec<f64>>>()?;
    let arch = &candidates[0].arch;
    let link = args.memory.timing(&DesignArgs::default(), arch)?.link(arch.link_clock);
    let goal = Goal { objective: args.objective, link, ofmap_bytes: arch.word_bytes() };
    let question = Question { network: &network, zeros: &zeros, table: &table, goal };
    let title = format!("{}, N = {}", network.name, args.layers.batch);
    let mut journal = Journal::open(&args.results, &area_model(), &question.name(), &title)?;
    let stop = stop_on_interrupt()?;
    if args.pick.is_none() {
        let bar = Mutex::new(ProgressBar::hidden());
        let lock = || bar.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let control = Control {
            stop: &stop,
            begins: &|what, steps| *lock() = progress_bar(what, steps),
            stepped: &|| lock().inc(1),
        };
        let done = explore(&question, &candidates, args.budget, args.quick, &mut journal, &control);
        lock().finish_and_clear();
        done?;
    }
    let explored = Explored::of(&candidates, &journal, args.budget);
    if let (Some(number), Some(out)) = (args.pick, &args.out) {
        let point = picked(&explored, number)?;
        let config = toml::to_string(&point.design).context("a design cannot be written as TOML")?;
        files::replace(out, |file| file.write_all(config.as_bytes())).with_context(|| unwritable(out))?;
        return print(&format!("{0}: design {number} of the front; gen --config {0} builds it", out.display()));
    }
    print(&explored.text(&title, &table.unit))?;
    if explored.points.is_empty() {
        print(&nothing(&explored, args))?;
    }
    if let Some(path) = args.plot.as_ref().filter(|_| !explored.points.is_empty()) {
        let svg = explored.picture(&table.unit)?;
        files::replace(path, |file| file.write_all(svg.as_bytes())).with_context(|| unwritable(path))?;
    }
    if let Some(path) = &args.json {
        let LayersArgs { batch, .. } = args.layers;
        let (source, unit) = (table.source.as_str(), table.unit.as_str());
        write_json(
            path,
            &Report { network: &network.name, batch, source, unit, budget: args.budget, explored: &explored },
        )?;
    }
    if stop.load(Ordering::Relaxed) {
        eprintln!("stopped; the same command goes on from here, with {}", args.results.display());
        std::process::exit(INTERRUPTED);
    }
    Ok(())
}

impl ExploreArgs {
    /// The designs to look at.
    fn candidates(&self) -> anyhow::Result<Vec<Candidate>> {
        let SpaceArgs {
            dataflows,
            ws_styles,
            kernels,
            row_fifos,
            os_styles,
            shapes,
            widths,
            glb_kb,
            ifmap_spads,
            filter_spads,
            psum_spads,
            accumulators,
            weight_tiles,
        } = &self.space;
        let space = Space {
            dataflows: all_or(dataflows),
            ws_styles: all_or(ws_styles),
            kernels: kernels.clone(),
            row_fifos: row_fifos.clone(),
            os_styles: all_or(os_styles),
            shapes: shapes.clone(),
            widths: widths.clone(),
            glb_kb: glb_kb.clone(),
            ifmap_spads: ifmap_spads.clone(),
            filter_spads: filter_spads.clone(),
            psum_spads: psum_spads.clone(),
            accumulators: accumulators.clone(),
            weight_tiles: weight_tiles.clone(),
        };
        let (candidates, refused) = space.candidates();
        if candidates.is_empty() {
            let Some(Err(problems)) = space.specs().first().map(ArchSpec::check) else {
                bail!("the space has no design; give each of its options a value");
            };
            let problems: Vec<_> = problems.iter().map(|problem| problem.to_string()).collect();
            bail!("none of the space's {refused} designs can be built; of the first, {}", problems.join("\n"));
        }
        Ok(drawn(candidates, self.seed, self.limit.map(|limit| limit as usize)))
    }
}

/// What was named of a kind of arrays, or all of them.
fn all_or<A: ValueEnum + Copy, T: From<A>>(named: &[A]) -> Vec<T> {
    let values = if named.is_empty() { A::value_variants() } else { named };
    values.iter().map(|&value| value.into()).collect()
}

/// Design `number` of the front.
fn picked(explored: &Explored, number: usize) -> anyhow::Result<&Point> {
    let count = explored.front().count();
    if count == 0 {
        bail!("`--pick` is {number}, but nothing has been found yet; run the same command without `--pick` first");
    }
    let found = explored.front().find(|point| point.number == Some(number));
    found.with_context(|| format!("`--pick` is {number}; the front has designs 1 to {count}"))
}

/// Why there is no front.
fn nothing(explored: &Explored, args: &ExploreArgs) -> String {
    match explored.refused.first() {
        Some((_, why)) => format!("No design takes the network: {why}"),
        None if explored.over_budget > 0 => {
            format!("All designs are over `--budget` {:.0}; raise it, or name smaller ones", args.budget)
        }
        None => "Nothing was looked at".into(),
    }
}

/// Set by Ctrl-C; a second one ends the program at once.
fn stop_on_interrupt() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let set = stop.clone();
    ctrlc::set_handler(move || {
        if set.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
    })
    .context("Ctrl-C cannot be listened to")?;
    Ok(stop)
}

/// A bar on the terminal's standard error: how many steps are done, and how long the rest will take.
fn progress_bar(what: &'static str, steps: usize) -> ProgressBar {
    let bar = ProgressBar::new(steps as u64).with_message(what);
    match ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len}, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn shape(text: &str) -> Result<(usize, usize), String> {
    let sides = text.split_once('x').and_then(|(rows, cols)| Some((rows.parse().ok()?, cols.parse().ok()?)));
    sides.ok_or_else(|| "write rows x columns, as in 12x14".into())
}

fn amount(text: &str) -> Result<f64, String> {
    let (digits, unit) = match text.char_indices().last() {
        Some((at, 'k')) => (&text[..at], 1e3),
        Some((at, 'M')) => (&text[..at], 1e6),
        _ => (text, 1.0),
    };
    let number =
        digits.parse::<f64>().ok().map(|number| number * unit).filter(|number| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| "write a number of NAND2 above 0, as in 2500000, 800k or 2.5M".into())
}
