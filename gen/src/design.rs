//! The options that describe a design, shared by `gen` and `sim`, resolved to a checked design.

use crate::factor::best_pair;
use crate::mapper::Link;
use clap::{Args, ValueEnum};
use hw::arch::MAX_SIDE;
use hw::os::OsStyle;
use hw::{Arch, ArchError, ArchSpec, Dataflow, LinkClock, WsStyle};
use std::path::PathBuf;
use thiserror::Error;

/// What to build.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Design")]
pub struct DesignArgs {
    /// Number of PEs; without --rows and --cols, the pair that suits row stationary best is chosen
    #[arg(long, value_name = "N")]
    pub pes: Option<usize>,
    /// PE rows
    #[arg(long)]
    pub rows: Option<usize>,
    /// PE columns
    #[arg(long)]
    pub cols: Option<usize>,
    /// Width of an ifmap and filter word, 2 to 32 bits [default: 16]
    #[arg(long, value_name = "W")]
    pub width: Option<usize>,
    /// Width of a psum, at most 64 bits [default: twice the width]
    #[arg(long, value_name = "P")]
    pub psum_width: Option<usize>,
    /// On-chip buffer in KiB, filter staging included [default: 108]
    #[arg(long, value_name = "KiB")]
    pub glb_kb: Option<usize>,
    /// Ifmap scratchpad of a PE, words [default: 12]
    #[arg(long, value_name = "WORDS")]
    pub ifmap_spad: Option<usize>,
    /// Filter scratchpad of a PE, words [default: 224]
    #[arg(long, value_name = "WORDS")]
    pub filter_spad: Option<usize>,
    /// Psum scratchpad of a PE, words [default: 24]
    #[arg(long, value_name = "WORDS")]
    pub psum_spad: Option<usize>,
    /// Psums of half a column's accumulator, not in row-stationary arrays [default: 256]
    #[arg(long, value_name = "PSUMS")]
    pub accumulators: Option<usize>,
    /// Weight tiles that the weight buffer holds, without local reuse, output and input stationary [default: 16]
    #[arg(long, value_name = "TILES")]
    pub weight_tiles: Option<usize>,
    /// Data width of the AXI4 link, 32, 64 or 128 bits [default: 64]
    #[arg(long, value_name = "BITS")]
    pub link_width: Option<usize>,
    /// Clock of the AXI4 link: the accelerator's, or one of its own with a clock crossing [default: sync]
    #[arg(long, value_name = "CLOCK")]
    pub link_clock: Option<LinkClockArg>,
    /// Build PEs that multiply zero ifmap words too
    #[arg(long)]
    pub no_zero_gating: bool,
    /// Build what compresses feature maps by masks, too, which is shorter than by runs where fewer than about 80 % of words are zero
    #[arg(long)]
    pub masks: bool,
    /// Dataflow of the array
    #[arg(long)]
    pub dataflow: Option<DataflowArg>,
    /// What a weight-stationary array is [default: systolic]
    #[arg(long, value_name = "STYLE")]
    pub ws_style: Option<WsStyleArg>,
    /// Rows and columns of weights of a convolution engine; the array's rows are a multiple of its square [default: 3]
    #[arg(long, value_name = "K")]
    pub kernel: Option<usize>,
    /// Pixels that a row FIFO of a convolution engine holds [default: 256]
    #[arg(long, value_name = "PIXELS")]
    pub row_fifo: Option<usize>,
    /// Which outputs an output-stationary array works on at a time [default: mop-mop]
    #[arg(long, value_name = "STYLE")]
    pub os_style: Option<OsStyleArg>,
    /// A published design to start from
    #[arg(long)]
    pub preset: Option<Preset>,
    /// A TOML file with the sizes above (`width = 16`, `glb_kb = 108`, …); options on the command line win over it
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Dataflows that can be asked for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum DataflowArg {
    /// Row stationary (Eyeriss)
    Rs,
    /// Weight stationary: a systolic matrix unit (TPU)
    Ws,
    /// No local reuse: trees of multipliers (Zhang, DianNao)
    Nlr,
    /// Output stationary: psums stay, pixels go from neighbour to neighbour (ShiDianNao)
    Os,
    /// Input stationary: activations stay, products are scattered to banks of psums (SCNN, with dense operands)
    Is,
}

impl From<DataflowArg> for Dataflow {
    fn from(arg: DataflowArg) -> Dataflow {
        match arg {
            DataflowArg::Rs => Dataflow::Rs,
            DataflowArg::Ws => Dataflow::Ws,
            DataflowArg::Nlr => Dataflow::Nlr,
            DataflowArg::Os => Dataflow::Os,
            DataflowArg::Is => Dataflow::Is,
        }
    }
}

/// Weight-stationary arrays that can be asked for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum WsStyleArg {
    /// A systolic matrix unit (TPU)
    Systolic,
    /// Convolution engines with row FIFOs (NeuFlow, nn-X)
    Conv2d,
}

impl From<WsStyleArg> for WsStyle {
    fn from(arg: WsStyleArg) -> WsStyle {
        match arg {
            WsStyleArg::Systolic => WsStyle::Systolic,
            WsStyleArg::Conv2d => WsStyle::Conv2d,
        }
    }
}

/// Styles of output-stationary arrays that can be asked for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum OsStyleArg {
    /// Adjacent ofmap rows of several ofmap channels (OS_B of ISCA 2016)
    MopMop,
    /// One pixel of as many ofmap channels as there are PEs (OS_C)
    MopSop,
    /// Adjacent ofmap rows and columns of one ofmap channel (OS_A, ShiDianNao)
    SopMop,
}

impl From<OsStyleArg> for OsStyle {
    fn from(arg: OsStyleArg) -> OsStyle {
        match arg {
            OsStyleArg::MopMop => OsStyle::MopMop,
            OsStyleArg::MopSop => OsStyle::MopSop,
            OsStyleArg::SopMop => OsStyle::SopMop,
        }
    }
}

/// Clocks of the link that can be asked for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LinkClockArg {
    /// The accelerator's
    Sync,
    /// `link_clk`, of any frequency and phase, with the reset `link_rst`
    Async,
}

/// Published designs.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Preset {
    /// JSSC 2017: 12 × 14 PEs, 16-bit words and psums, 108 KiB, spads of 12, 224 and 24 words; in `sim`, 60/200 beats a cycle
    Eyeriss,
}

/// Why a command line is no design.
#[derive(Debug, Error)]
pub enum CliError {
    /// The config file cannot be read.
    #[error("cannot read config `{0}`: {1}")]
    ReadConfig(PathBuf, std::io::Error),
    /// The config file does not hold an `ArchSpec`.
    #[error("config `{0}` is not valid: {1}")]
    ParseConfig(PathBuf, String),
    /// `--pes` is no size of an array.
    #[error("`--pes` is {0}, which is not rows × columns of 1 to {MAX_SIDE} each; choose another number")]
    Pes(usize),
    /// `--pes` contradicts `--rows` or `--cols`.
    #[error("`--pes` is {pes}, which is not {rows} rows × {cols} columns; leave one of the three out")]
    PesMismatch {
        /// Asked for.
        pes: usize,
        /// Rows.
        rows: usize,
        /// Columns.
        cols: usize,
    },
    /// `--pes` does not divide by the side that was given.
    #[error(
        "`--pes` is {pes}, which is no multiple of `--{side}` {given}; choose a multiple, or leave `--{side}` out"
    )]
    PesNotDivisible {
        /// Asked for.
        pes: usize,
        /// `rows` or `cols`.
        side: &'static str,
        /// Its value.
        given: usize,
    },
    /// Rules that the design breaks.
    #[error("{}", .0.iter().map(|e| e.to_string()).collect::<Vec<_>>().join("\n"))]
    Design(Vec<ArchError>),
}

/// A design as asked for: the spec as written, its checked form, and how its shape came about.
#[derive(Debug)]
pub struct Design {
    /// As written, with every choice made.
    pub spec: ArchSpec,
    /// Checked.
    pub arch: Arch,
    /// Whether rows and columns were chosen here.
    pub shape_chosen: bool,
}

impl Design {
    /// The options of `gen` and `sim` that describe this design.
    pub fn arguments(&self) -> String {
        let (spec, usual) = (&self.spec, ArchSpec::default());
        let mut text = format!("--rows {} --cols {} --width {}", spec.rows, spec.cols, spec.width);
        let mut add = |option: &str, value: usize, usual: usize| {
            if value != usual {
                text += &format!(" --{option} {value}");
            }
        };
        add("psum-width", spec.psum_width, 2 * spec.width);
        add("glb-kb", spec.glb_kb, usual.glb_kb);
        add("ifmap-spad", spec.ifmap_spad, usual.ifmap_spad);
        add("filter-spad", spec.filter_spad, usual.filter_spad);
        add("psum-spad", spec.psum_spad, usual.psum_spad);
        add("accumulators", spec.accumulators, usual.accumulators);
        add("weight-tiles", spec.weight_tiles, usual.weight_tiles);
        add("kernel", spec.kernel, usual.kernel);
        add("row-fifo", spec.row_fifo, usual.row_fifo);
        add("link-width", spec.link_width, usual.link_width);
        if spec.dataflow != Dataflow::Rs {
            text += &format!(" --dataflow {}", dataflow_name(spec.dataflow));
        }
        if spec.ws_style == WsStyle::Conv2d {
            text += " --ws-style conv2d";
        }
        if spec.os_style != OsStyle::MopMop {
            text += &format!(" --os-style {}", spec.os_style);
        }
        if spec.link_clock == LinkClock::Async {
            text += " --link-clock async";
        }
        if !spec.zero_gating {
            text += " --no-zero-gating";
        }
        if spec.masks {
            text += " --masks";
        }
        text
    }
}

impl DesignArgs {
    /// Bandwidth of the memory of the published design, beats a cycle as a fraction.
    pub fn bandwidth(&self) -> Option<(u32, u32)> {
        match self.preset {
            Some(Preset::Eyeriss) => Link::EYERISS.bandwidth,
            None => None,
        }
    }

    /// The design that the options, the config file and the preset describe.
    pub fn design(&self) -> Result<Design, CliError> {
        let mut spec = match self.preset {
            Some(Preset::Eyeriss) => ArchSpec { psum_width: 16, ..ArchSpec::default() },
            None => ArchSpec::default(),
        };
        if let Some(path) = &self.config {
            let text = std::fs::read_to_string(path).map_err(|e| CliError::ReadConfig(path.clone(), e))?;
            spec =
                over(&spec, &text).map_err(|e| CliError::ParseConfig(path.clone(), e.to_string().trim_end().into()))?;
        }
        let shape_chosen = self.shape(&mut spec)?;
        let set = |field: &mut usize, value: Option<usize>| *field = value.unwrap_or(*field);
        set(&mut spec.width, self.width);
        set(&mut spec.psum_width, self.psum_width);
        set(&mut spec.glb_kb, self.glb_kb);
        set(&mut spec.ifmap_spad, self.ifmap_spad);
        set(&mut spec.filter_spad, self.filter_spad);
        set(&mut spec.psum_spad, self.psum_spad);
        set(&mut spec.accumulators, self.accumulators);
        set(&mut spec.weight_tiles, self.weight_tiles);
        set(&mut spec.kernel, self.kernel);
        set(&mut spec.row_fifo, self.row_fifo);
        set(&mut spec.link_width, self.link_width);
        spec.link_clock = match self.link_clock {
            Some(LinkClockArg::Sync) => LinkClock::Sync,
            Some(LinkClockArg::Async) => LinkClock::Async,
            None => spec.link_clock,
        };
        spec.zero_gating &= !self.no_zero_gating;
        spec.masks |= self.masks;
        spec.dataflow = self.dataflow.map_or(spec.dataflow, Dataflow::from);
        spec.ws_style = self.ws_style.map_or(spec.ws_style, WsStyle::from);
        spec.os_style = self.os_style.map_or(spec.os_style, OsStyle::from);
        let mut checked = spec.check();
        // `0` in a file means "twice the width"; on the command line it is a mistake like any other.
        if self.psum_width == Some(0) {
            let rule = "psums are 2 to 64 bits wide; without `--psum-width` they have twice the `width`".into();
            let mut errors = checked.err().unwrap_or_default();
            errors.push(ArchError { field: "psum_width", value: "0".into(), rule });
            checked = Err(errors);
        }
        let arch = checked.map_err(CliError::Design)?;
        spec.psum_width = arch.psum_width;
        Ok(Design { spec, arch, shape_chosen })
    }

    /// Sets rows and columns; `true` if the pair was chosen here.
    fn shape(&self, spec: &mut ArchSpec) -> Result<bool, CliError> {
        match (self.pes, self.rows, self.cols) {
            (Some(pes), None, None) => {
                (spec.rows, spec.cols) = best_pair(pes).ok_or(CliError::Pes(pes))?;
                return Ok(true);
            }
            (Some(pes), Some(rows), Some(cols)) => {
                if rows.checked_mul(cols) != Some(pes) {
                    return Err(CliError::PesMismatch { pes, rows, cols });
                }
                (spec.rows, spec.cols) = (rows, cols);
            }
            (Some(pes), Some(rows), None) => (spec.rows, spec.cols) = (rows, divided(pes, "rows", rows)?),
            (Some(pes), None, Some(cols)) => (spec.rows, spec.cols) = (divided(pes, "cols", cols)?, cols),
            (None, rows, cols) => {
                spec.rows = rows.unwrap_or(spec.rows);
                spec.cols = cols.unwrap_or(spec.cols);
            }
        }
        Ok(false)
    }
}

fn divided(pes: usize, side: &'static str, given: usize) -> Result<usize, CliError> {
    if given == 0 || !pes.is_multiple_of(given) {
        return Err(CliError::PesNotDivisible { pes, side, given });
    }
    Ok(pes / given)
}

/// `base` with the fields that the TOML text names.
fn over(base: &ArchSpec, text: &str) -> Result<ArchSpec, toml::de::Error> {
    use serde::de::Error;
    let mut table = toml::Table::try_from(base).map_err(toml::de::Error::custom)?;
    // Parsed as a spec first, so that an error points into the file.
    toml::from_str::<ArchSpec>(text)?;
    table.extend(toml::from_str::<toml::Table>(text)?);
    table.try_into()
}

/// A dataflow as it is written in options, files and names.
pub fn dataflow_name(dataflow: Dataflow) -> &'static str {
    match dataflow {
        Dataflow::Rs => "rs",
        Dataflow::Ws => "ws",
        Dataflow::Nlr => "nlr",
        Dataflow::Os => "os",
        Dataflow::Is => "is",
    }
}

/// A design's dataflow in names, with the style of its array if that is not the default.
pub fn array_name(spec: &ArchSpec) -> String {
    let name = dataflow_name(spec.dataflow);
    match (spec.ws_style, spec.os_style) {
        (WsStyle::Systolic, OsStyle::MopMop) => name.into(),
        (WsStyle::Conv2d, _) => format!("{name} conv2d"),
        (_, style) => format!("{name} {style}"),
    }
}

/// The name of a design: its shape and word width, then whatever differs from the default.
pub fn design_name(spec: &ArchSpec) -> String {
    let default = ArchSpec::default();
    let mut name = format!("{}_{}x{}_w{}", array_name(spec).replace([' ', '-'], "_"), spec.rows, spec.cols, spec.width);
    let mut add = |tag: &str, value: usize, usual: usize| {
        if value != usual {
            name += &format!("_{tag}{value}");
        }
    };
    add("p", spec.psum_width, 2 * spec.width);
    add("glb", spec.glb_kb, default.glb_kb);
    add("ifmap", spec.ifmap_spad, default.ifmap_spad);
    add("filter", spec.filter_spad, default.filter_spad);
    add("psum", spec.psum_spad, default.psum_spad);
    add("acc", spec.accumulators, default.accumulators);
    add("tiles", spec.weight_tiles, default.weight_tiles);
    add("k", spec.kernel, default.kernel);
    add("fifo", spec.row_fifo, default.row_fifo);
    add("link", spec.link_width, default.link_width);
    if spec.link_clock == LinkClock::Async {
        name += "_async";
    }
    if !spec.zero_gating {
        name += "_ungated";
    }
    if spec.masks {
        name += "_masks";
    }
    name
}
