//! The command line of `sim`.

use super::compare::CompareArgs;
use super::explore::ExploreArgs;
use super::feature_maps::{Rlc, RlcFormat, Zeros};
use super::threads::ThreadArgs;
use crate::machine::EngineKind;
use clap::{value_parser, Args, Parser, Subcommand};
use gen::design::DesignArgs;
use gen::mapper::Objective;
use gen::numerics::{MAX_SCALE, MAX_SHIFT};
use hw::arch::MAX_SIDE;
use hw::program::COMMAND_BYTES;
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// Run layers through a generated accelerator and compare every output with the golden convolution.
#[derive(Parser, Debug)]
#[command(name = "sim", version, after_help = EXAMPLES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Run one convolution
    #[command(after_help = CONV_EXAMPLES)]
    Conv(Box<ConvArgs>),
    /// Run the layers of a network
    #[command(after_help = NETWORK_EXAMPLES)]
    Network(Box<NetworkArgs>),
    /// Show how a layer or a network is mapped to an accelerator
    #[command(after_help = MAP_EXAMPLES)]
    Map(Box<MapArgs>),
    /// Write a page that shows a network's mappings on the array, its cycles, roofline, energy and traffic, and the design's area
    #[command(after_help = REPORT_EXAMPLES)]
    Report(Box<ReportArgs>),
    /// Show the energy of a network's layers, by level of storage and by what is moved, with a table of costs
    #[command(after_help = ENERGY_EXAMPLES)]
    Energy(Box<EnergyArgs>),
    /// Compare dataflows on chips of the same area, each with its best mapping, as ISCA 2016 does
    #[command(after_help = COMPARE_EXAMPLES)]
    Compare(Box<CompareArgs>),
    /// Sweep designs within an area budget, and show which of them no other beats in energy, time and area
    #[command(after_help = EXPLORE_EXAMPLES)]
    Explore(Box<ExploreArgs>),
    /// Write a layer as bytes for the memory of a system: program, operands and the addresses of all
    #[command(after_help = IMAGE_EXAMPLES)]
    Image(Box<ImageArgs>),
    /// Draw designs, layers, mappings and memories, run them, and compare every output with golden and every count with its prediction
    #[command(after_help = CAMPAIGN_EXAMPLES)]
    Campaign(Box<CampaignArgs>),
    /// Measure generation, engines and layers: how long, how fast, how many cycles
    #[command(after_help = BENCH_EXAMPLES)]
    Bench(Box<BenchArgs>),
}

const EXAMPLES: &str = "\
Examples:
  sim conv --rows 4 --cols 4 --glb-kb 32 --layer tiny3/conv5x5 --engine builtin
  sim network tiny3 --rows 4 --cols 4 --glb-kb 32 --engine verilator
  sim map alexnet --pes 168 --batch 4

`sim COMMAND --help` has more of each.";

const CONV_EXAMPLES: &str = "\
Examples:
  sim conv --pes 168 --layer alexnet/conv3 --engine golden
  sim conv --rows 3 --cols 4 --c 4 --m 8 --h 8 --w 8 --r 3 --s 3 --pad-h 1 --pad-w 1 --seed 7 --json counts.json
  sim conv --rows 4 --cols 4 --glb-kb 32 --layer tiny3/conv5x5 --batch 2 --shift 20 --relu --dram-jitter 3 --engine verilator
  sim conv --rows 2 --cols 2 --width 8 --ifmap x.npy --filter w.npy --stride-h 2 --stride-w 2 --engine icarus --out y.npy";

const NETWORK_EXAMPLES: &str = "\
Examples:
  sim network alexnet --pes 168 --engine golden --layers conv3,conv4
  sim network tiny3 --rows 4 --cols 4 --glb-kb 32 --engine verilator
  sim network mine.toml --rows 4 --cols 4 --batch 2 --zeros 0.5 --json counts.json";

const MAP_EXAMPLES: &str = "\
Examples:
  sim map alexnet --pes 168 --batch 4
  sim map vgg16/conv3_1 --preset eyeriss --objective energy --json mapping.json";

const IMAGE_EXAMPLES: &str = "\
Examples:
  sim image --rows 4 --cols 4 --glb-kb 32 --layer tiny3/conv5x5 --base 0x80000000 --out layer
  sim image --rows 2 --cols 2 --width 8 --ifmap x.npy --filter w.npy --stride-h 2 --stride-w 2 --out layer";

const REPORT_EXAMPLES: &str = "\
Examples:
  sim report alexnet --preset eyeriss --batch 4 --layers conv1,conv2,conv3,conv4,conv5 --out alexnet.html
  sim report mine.toml --rows 4 --cols 4 --objective energy --zeros 0.6 --out mine.html
  sim report tiny3 --rows 2 --cols 2 --width 8 --area summary.json --out tiny3.html";

const ENERGY_EXAMPLES: &str = "\
Examples:
  sim energy alexnet --preset eyeriss --batch 4 --layers conv1,conv2,conv3,conv4,conv5 --zeros chip --table 65nm
  sim energy mine.toml --rows 4 --cols 4 --width 8 --objective energy --zeros 0.5 --plot energy.svg --json energy.json";

const COMPARE_EXAMPLES: &str = "\
Examples:
  sim compare alexnet --pes 256 --batch 16
  sim compare alexnet --pes 256,512,1024 --batch 1,16,64 --layers conv1,conv2,conv3,conv4,conv5 --svg compare.svg --json compare.json
  sim compare tiny3 --measured --rows 4 --cols 4 --glb-kb 32 --engine verilator --svg measured.svg --json measured.json";

const EXPLORE_EXAMPLES: &str = "\
Results go to a file as they come: a sweep that was stopped, by Ctrl-C or otherwise, goes on with the same options.

Examples:
  sim explore tiny3 --shapes 1x1,2x2 --widths 8 --glb-kb 8 --ifmap-spads 12 --filter-spads 64 --budget 400k --plot front.svg
  sim explore tiny3 --shapes 1x1,2x2 --widths 8 --glb-kb 8 --ifmap-spads 12 --filter-spads 64 --budget 400k --pick 1 --out best.toml";

const CAMPAIGN_EXAMPLES: &str = "\
Examples:
  sim campaign --draws 4 --layers 2 --macs 1000 --side 2 --engine builtin --seed 7 --json draws.json
  sim campaign --layers 2 --macs 1000 --side 2 --engine builtin --seed 7 --only 2";

const BENCH_EXAMPLES: &str = "\
Examples:
  sim bench tiny3 --rows 4 --cols 4 --glb-kb 32 --json bench.json
  sim bench alexnet --preset eyeriss --layers conv4,conv5 --mapper";

/// Options that give a shape, by name or in numbers; `--batch` goes with either.
const SHAPE: [&str; 13] =
    ["layer", "n", "m", "c", "h", "w", "r", "s", "groups", "stride_h", "stride_w", "pad_h", "pad_w"];

/// Longest latency of the memory: with jitter, which makes it up to four times as long, less than the watchdog's patience.
pub(super) const MAX_LATENCY: u64 = 200_000;
/// By how much one clock of a design may be faster than the other, at the most.
const MAX_RATIO: u64 = 64;

/// Highest address of an image's first byte; no image reaches the end of the 64 bits from there.
const MAX_BASE: u64 = 1 << 56;

/// `sim conv`
#[derive(Args, Debug)]
pub struct ConvArgs {
    #[command(flatten)]
    pub design: DesignArgs,
    #[command(flatten)]
    pub shape: ShapeArgs,
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub number: NumberArgs,
    #[command(flatten)]
    pub mapper: MapperArgs,
    #[command(flatten)]
    pub run: RunArgs,
    /// Write the ofmap to this `.npy` file (int64, N×M×E×F)
    #[arg(long, value_name = "Y.npy")]
    pub out: Option<PathBuf>,
    /// Write a waveform (builtin, verilator or icarus), and beside it its signals in groups: FILE.gtkw for GTKWave, FILE.sucl for Surfer
    #[arg(long, value_name = "FILE.vcd")]
    pub vcd: Option<PathBuf>,
}

/// `sim network`
#[derive(Args, Debug)]
pub struct NetworkArgs {
    #[command(flatten)]
    pub layers: LayersArgs,
    #[command(flatten)]
    pub design: DesignArgs,
    /// Seed of the random data
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Share of ifmap words that are zero, 0 to 1; `chip`: as measured on the chip, layer by layer, in ofmaps after --relu, too
    #[arg(long, default_value = "0", value_name = "FRACTION|chip")]
    pub zeros: Zeros,
    #[command(flatten)]
    pub number: NumberArgs,
    #[command(flatten)]
    pub mapper: MapperArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

/// `sim map`
#[derive(Args, Debug)]
pub struct MapArgs {
    /// A network, a layer (alexnet/conv3), or nothing with the shape given by options
    #[arg(conflicts_with_all = SHAPE)]
    pub target: Option<String>,
    #[command(flatten)]
    pub design: DesignArgs,
    #[command(flatten)]
    pub shape: ShapeArgs,
    #[command(flatten)]
    pub mapper: MapperArgs,
    #[command(flatten)]
    pub memory: MemoryArgs,
    /// Write the mappings as JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

/// `sim report`
#[derive(Args, Debug)]
pub struct ReportArgs {
    #[command(flatten)]
    pub layers: LayersArgs,
    #[command(flatten)]
    pub design: DesignArgs,
    #[command(flatten)]
    pub mapper: MapperArgs,
    #[command(flatten)]
    pub memory: MemoryArgs,
    /// Share of zeros in compressed ifmaps and ofmaps, 0 to 1, or `chip` [default: as measured on the chip, where it was]
    #[arg(long, value_name = "FRACTION|chip")]
    pub zeros: Option<Zeros>,
    /// The summary.json that scripts/synth-asic left in synth/asic of this design's folder: area by module
    #[arg(long, value_name = "FILE.json")]
    pub area: Option<PathBuf>,
    /// File to write the page to
    #[arg(long, value_name = "FILE.html")]
    pub out: PathBuf,
}

/// `sim energy`
#[derive(Args, Debug)]
pub struct EnergyArgs {
    #[command(flatten)]
    pub layers: LayersArgs,
    #[command(flatten)]
    pub design: DesignArgs,
    /// Costs of accesses and MACs: isca16 (in MACs), 65nm, 45nm, 28nm (in pJ), or a TOML file as in `sim/src/energy_tables`
    #[arg(long, default_value = "isca16", value_name = "TABLE")]
    pub table: String,
    /// Share of ifmap words that are zero, 0 to 1; `chip`: as measured on the chip, layer by layer
    #[arg(long, default_value = "0", value_name = "FRACTION|chip")]
    pub zeros: Zeros,
    #[command(flatten)]
    pub mapper: MapperArgs,
    #[command(flatten)]
    pub memory: MemoryArgs,
    /// Draw an SVG: for each layer a bar by level and one by what is moved
    #[arg(long, value_name = "FILE.svg")]
    pub plot: Option<PathBuf>,
    /// Write the energies as JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

/// `sim image`
#[derive(Args, Debug)]
pub struct ImageArgs {
    #[command(flatten)]
    pub design: DesignArgs,
    #[command(flatten)]
    pub shape: ShapeArgs,
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub number: NumberArgs,
    #[command(flatten)]
    pub mapper: MapperArgs,
    #[command(flatten)]
    pub memory: MemoryArgs,
    /// Address of the image's first byte, a multiple of 64
    #[arg(long, default_value = "0x1000", value_name = "ADDRESS", value_parser = base)]
    pub base: u64,
    /// Folder to write the image to
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// `sim campaign`
#[derive(Args, Debug)]
pub struct CampaignArgs {
    /// Draws
    #[arg(long, default_value_t = 2000, value_parser = value_parser!(u64).range(1..))]
    pub draws: u64,
    /// Seed of everything that is drawn
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Draws on each design
    #[arg(long, default_value_t = 32, value_parser = value_parser!(u64).range(1..))]
    pub layers: u64,
    /// MACs of a layer at the most
    #[arg(long, default_value_t = 2_000_000, value_parser = value_parser!(u64).range(1000..))]
    pub macs: u64,
    /// PE rows, and PE columns, of an array at the most
    #[arg(long, default_value_t = 16, value_parser = side)]
    pub side: usize,
    /// What runs the designs
    #[arg(long, value_enum, default_value_t = EngineKind::Verilator)]
    pub engine: EngineKind,
    /// Only this draw, after those before it on its design
    #[arg(long, value_name = "DRAW", conflicts_with = "draws")]
    pub only: Option<u64>,
    /// Designs that are built and run at a time
    #[arg(long, default_value_t = 2, value_parser = jobs)]
    pub jobs: usize,
    /// Write every draw and the summary as JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

/// `sim bench`
#[derive(Args, Debug)]
pub struct BenchArgs {
    /// A built-in network or a TOML file, whose layers run in Verilator
    #[arg(default_value = "alexnet")]
    pub network: String,
    #[command(flatten)]
    pub design: DesignArgs,
    /// Images N
    #[arg(long, default_value_t = 1)]
    pub batch: usize,
    /// Only these layers, separated by commas [default: all but those fully connected]
    #[arg(long, value_delimiter = ',', value_name = "a,b")]
    pub layers: Vec<String>,
    /// Time generation and the search for mappings alone
    #[arg(long)]
    pub mapper: bool,
    #[command(flatten)]
    pub threads: ThreadArgs,
    #[command(flatten)]
    pub memory: MemoryArgs,
    /// Write results as JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

/// A network, or some of its layers.
#[derive(Args, Clone, Debug)]
pub struct LayersArgs {
    /// A built-in network (alexnet, vgg16, googlenet, resnet18, resnet50, mobilenet_v1, squeezenet1_1, tiny3) or a TOML file
    pub network: String,
    /// Images N
    #[arg(long, default_value_t = 1)]
    pub batch: usize,
    /// Only these layers, separated by commas
    #[arg(long = "layers", value_delimiter = ',', value_name = "a,b")]
    pub only: Vec<String>,
}

/// A layer's shape: by name, or number by number.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Shape")]
pub struct ShapeArgs {
    /// A layer by name, as in alexnet/conv3
    #[arg(long, value_name = "NETWORK/LAYER", conflicts_with_all = &SHAPE[1..])]
    pub layer: Option<String>,
    /// Images N (with --layer)
    #[arg(long)]
    pub batch: Option<usize>,
    /// Images N
    #[arg(long, conflicts_with = "batch")]
    pub n: Option<usize>,
    /// Filters (ofmap channels) M, over all groups
    #[arg(long)]
    pub m: Option<usize>,
    /// Ifmap channels C, over all groups
    #[arg(long)]
    pub c: Option<usize>,
    /// Ifmap height H before padding
    #[arg(long)]
    pub h: Option<usize>,
    /// Ifmap width W before padding
    #[arg(long)]
    pub w: Option<usize>,
    /// Filter height R
    #[arg(long)]
    pub r: Option<usize>,
    /// Filter width S
    #[arg(long)]
    pub s: Option<usize>,
    /// Vertical stride [default: 1]
    #[arg(long)]
    pub stride_h: Option<usize>,
    /// Horizontal stride [default: 1]
    #[arg(long)]
    pub stride_w: Option<usize>,
    /// Rows of zeros above and below [default: 0]
    #[arg(long)]
    pub pad_h: Option<usize>,
    /// Columns of zeros on the left and right [default: 0]
    #[arg(long)]
    pub pad_w: Option<usize>,
    /// Groups G [default: 1]
    #[arg(long)]
    pub groups: Option<usize>,
}

/// A layer's data: random, or from files.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Data")]
pub struct DataArgs {
    /// Seed of random data
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Share of ifmap words that are zero, 0 to 1
    #[arg(long, default_value_t = 0.0, value_name = "FRACTION")]
    pub zeros: f64,
    /// Ifmap, N×C×H×W; with --filter, stands for --seed and the shape options but stride, padding and groups
    #[arg(long, value_name = "X.npy", requires = "filter", conflicts_with_all = ["seed", "zeros", "layer", "batch", "n", "m", "c", "h", "w", "r", "s"])]
    pub ifmap: Option<PathBuf>,
    /// Filters, M×(C/groups)×R×S
    #[arg(long, value_name = "W.npy", requires = "ifmap")]
    pub filter: Option<PathBuf>,
    /// Bias, M
    #[arg(long, value_name = "B.npy", requires = "ifmap")]
    pub bias: Option<PathBuf>,
}

/// What is made of the numbers.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Numbers")]
pub struct NumberArgs {
    /// Arithmetic shift right of each product before it is added [default: 0; with `network`, what keeps psums from wrapping]
    #[arg(long, value_name = "BITS")]
    pub psum_shift: Option<u32>,
    /// Shift right of the requantised output, 0 to 63 [default: 0; with `network`, what suits each layer]
    #[arg(long, value_name = "BITS", value_parser = value_parser!(u32).range(..=MAX_SHIFT as i64))]
    pub shift: Option<u32>,
    /// Factor of the requantised output, 0 to 65535 [default: 1]
    #[arg(long, value_parser = value_parser!(u32).range(..=MAX_SCALE as i64))]
    pub scale: Option<u32>,
    /// Clip negative outputs to zero
    #[arg(long)]
    pub relu: bool,
    /// Raw psums as output; the default of `conv` without --shift, --scale or --relu
    #[arg(long, conflicts_with_all = ["shift", "scale", "relu"])]
    pub raw: bool,
}

/// How layers are laid over the array.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Mapping")]
pub struct MapperArgs {
    /// What the mapping is to have little of
    #[arg(long, value_enum, default_value_t = Objective::Cycles)]
    pub objective: Objective,
    /// Mappings by hand, a TOML file with a table for each layer: `[conv1]`, then n, m, e, p, q, r, t and, if need be, more; with
    /// `--dataflow ws`, `nlr`, `os` or `is`: n, m, e, windows, channels, tiles
    #[arg(long, value_name = "FILE", conflicts_with = "objective")]
    pub mapping: Option<PathBuf>,
}

/// The memory.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Memory")]
pub struct MemoryArgs {
    /// Cycles of the link from a read's address to its first data
    #[arg(long, default_value_t = 20, value_name = "CYCLES", value_parser = value_parser!(u64).range(1..=MAX_LATENCY))]
    pub dram_latency: u64,
    /// Beats that the link to memory carries, as in 60/200: in 200 of its cycles 60 beats, reads and writes together [default: one in each
    /// direction and cycle; with --preset eyeriss, 60/200, unless its link has a clock of its own]
    #[arg(long, value_name = "BEATS/CYCLES", value_parser = bandwidth)]
    pub dram_bandwidth: Option<(u32, u32)>,
    /// Cycles of the link in cycles of the accelerator, as in 60/200, from 1/64 to 64/1, with --link-clock async [default: 1/1; with --preset
    /// eyeriss, 60/200]
    #[arg(long, value_name = "LINK/CORE", value_parser = ratio)]
    pub link_ratio: Option<(u32, u32)>,
}

fn fraction(text: &str) -> Option<(u32, u32)> {
    let (above, below) = text.split_once('/')?;
    Some((above.parse().ok()?, below.parse().ok()?))
}

fn ratio(text: &str) -> Result<(u32, u32), String> {
    let is_good = |&(link, core): &(u32, u32)| {
        let fits = |a: u32, b: u32| (1..=1 << 20).contains(&a) && u64::from(a) <= MAX_RATIO * u64::from(b);
        fits(link, core) && fits(core, link)
    };
    let ratio = fraction(text).filter(is_good);
    ratio.ok_or_else(|| {
        format!("write cycles of the link/cycles of the accelerator, as in 60/200, from 1/{MAX_RATIO} to {MAX_RATIO}/1")
    })
}

fn bandwidth(text: &str) -> Result<(u32, u32), String> {
    match fraction(text) {
        Some((beats, cycles)) if (1..=cycles).contains(&beats) && cycles <= 1 << 20 => Ok((beats, cycles)),
        _ => Err("write beats/cycles, as in 60/200: at least one beat, and at most one a cycle".into()),
    }
}

fn base(text: &str) -> Result<u64, String> {
    let number = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    let number = number.ok().filter(|n| n % COMMAND_BYTES as u64 == 0 && *n <= MAX_BASE);
    number.ok_or_else(|| format!("write a multiple of {COMMAND_BYTES} up to {MAX_BASE:#x}, as in 0x80000000 or 4096"))
}

fn side(text: &str) -> Result<usize, String> {
    within(text, 1..=MAX_SIDE)
}

fn jobs(text: &str) -> Result<usize, String> {
    within(text, 1..=64)
}

pub(super) fn within(text: &str, range: RangeInclusive<usize>) -> Result<usize, String> {
    let (low, high) = (range.start(), range.end());
    text.parse().ok().filter(|n| range.contains(n)).ok_or_else(|| format!("write a number from {low} to {high}"))
}

/// How to run.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Run")]
pub struct RunArgs {
    /// What runs the design
    #[arg(long, value_enum, default_value_t = EngineKind::Builtin)]
    pub engine: EngineKind,
    #[command(flatten)]
    pub threads: ThreadArgs,
    #[command(flatten)]
    pub memory: MemoryArgs,
    /// Random DRAM timing: seed of the additional latencies and stalls
    #[arg(long, value_name = "SEED")]
    pub dram_jitter: Option<u64>,
    /// Compress feature maps in DRAM (alone: `both`); not a network's first ifmap, and no raw psums
    #[arg(long, value_enum, default_value_t = Rlc::Off, num_args = 0..=1, default_missing_value = "both")]
    pub rlc: Rlc,
    /// Format of what is compressed
    #[arg(long, value_enum, default_value_t = RlcFormat::Shorter)]
    pub rlc_format: RlcFormat,
    /// Pull reset at this cycle of each layer and run the layer again from the start
    #[arg(long, value_name = "CYCLE")]
    pub reset_at: Option<u64>,
    /// Write results as JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}
