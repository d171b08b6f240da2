use super::args::MemoryArgs;
use super::compare::CompareArgs;
use super::threads::ThreadArgs;
use crate::compare::{measured_tables, Drawn, Experiment, Measured};
use crate::host::MemoryTiming;
use crate::machine::EngineKind;
use anyhow::{bail, Context};
use clap::{Args, ValueEnum};
use gen::design::{DataflowArg, Design, DesignArgs, OsStyleArg, Preset, WsStyleArg};
use std::path::PathBuf;

/// What is built and run for `sim compare --measured`.
#[derive(Args, Debug)]
#[command(next_help_heading = "Measured")]
pub struct MeasuredArgs {
    /// Run the layers on an accelerator of each dataflow, and compare by its counters; the mapper's model must show the same
    #[arg(long, conflicts_with = "rf_area")]
    pub measured: bool,
    /// What runs the accelerators
    #[arg(long, value_enum, default_value_t = EngineKind::Builtin, requires = "measured")]
    engine: EngineKind,
    /// Dataflows, and other styles of them [default: each that `gen --dataflow` builds]
    #[arg(long, value_delimiter = ',', value_name = "a,b", requires = "measured")]
    dataflows: Vec<ArrayArg>,
    /// PE rows
    #[arg(long, requires = "measured")]
    rows: Option<usize>,
    /// PE columns
    #[arg(long, requires = "measured")]
    cols: Option<usize>,
    /// Width of an ifmap and a filter word, 2 to 32 bits [default: 16]
    #[arg(long, value_name = "W", requires = "measured")]
    width: Option<usize>,
    /// Width of a psum, at most 64 bits [default: twice the width]
    #[arg(long, value_name = "P", requires = "measured")]
    psum_width: Option<usize>,
    /// On-chip buffer in KiB, filter staging included [default: 108]
    #[arg(long, value_name = "KiB", requires = "measured")]
    glb_kb: Option<usize>,
    /// A published design to start from
    #[arg(long, requires = "measured")]
    preset: Option<Preset>,
    /// A TOML file with these and all other sizes, as for `gen`; options on the command line win over it
    #[arg(long, value_name = "FILE", requires = "measured")]
    config: Option<PathBuf>,
    /// Seed of the random data
    #[arg(long, default_value_t = 1, requires = "measured")]
    seed: u64,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    memory: MemoryArgs,
}

/// Arrays that can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ArrayArg {
    /// Row stationary
    Rs,
    /// Weight stationary: a systolic matrix unit
    Ws,
    /// No local reuse
    Nlr,
    /// Output stationary: rows of several ofmap channels
    Os,
    /// Output stationary: one pixel of as many ofmap channels as there are PEs
    MopSop,
    /// Output stationary: adjacent rows and columns of one ofmap channel
    SopMop,
    /// Input stationary
    Is,
    /// Weight stationary: convolution engines, of whose rows, columns and channels the array's rows are a product
    Conv2d,
}

impl ArrayArg {
    /// The options of `gen` that build it.
    fn options(self) -> (DataflowArg, Option<WsStyleArg>, Option<OsStyleArg>) {
        let dataflow = match self {
            ArrayArg::Rs => DataflowArg::Rs,
            ArrayArg::Ws | ArrayArg::Conv2d => DataflowArg::Ws,
            ArrayArg::Nlr => DataflowArg::Nlr,
            ArrayArg::Os | ArrayArg::MopSop | ArrayArg::SopMop => DataflowArg::Os,
            ArrayArg::Is => DataflowArg::Is,
        };
        let os_style = match self {
            ArrayArg::MopSop => Some(OsStyleArg::MopSop),
            ArrayArg::SopMop => Some(OsStyleArg::SopMop),
            _ => None,
        };
        (dataflow, (self == ArrayArg::Conv2d).then_some(WsStyleArg::Conv2d), os_style)
    }

    fn name(&self) -> String {
        self.to_possible_value().map_or(String::new(), |value| value.get_name().into())
    }
}

/// `sim compare --measured`: `true` if every output equals golden and every count the model's.
pub fn run(args: &CompareArgs) -> anyhow::Result<bool> {
    let own = &args.measured;
    if own.engine == EngineKind::Golden {
        bail!("`--engine golden` has no counters; choose builtin, verilator or icarus");
    }
    // Without a number, what the other options or their defaults say.
    let sizes = match args.pes.is_empty() {
        true => vec![None],
        false => args.pes.iter().map(|pes| Some(*pes)).collect(),
    };
    let mut measured = Vec::new();
    for pes in sizes {
        let (designs, timing) = own.designs(pes)?;
        for batch in &args.batch {
            let experiment = Experiment {
                network: &args.network(*batch)?,
                batch: *batch,
                designs: &designs,
                engine: own.engine,
                timing: &timing,
                threads: own.threads.count(),
                objective: args.objective,
                seed: own.seed,
            };
            measured.push(experiment.run()?);
        }
    }
    let faults: Vec<String> = measured.iter().flat_map(Measured::faults).collect();
    faults.iter().for_each(|fault| eprintln!("{fault}"));
    let drawn: Vec<Drawn> = measured.iter().map(Drawn::from).collect();
    args.tell(&measured_tables(&measured), &drawn, &measured)?;
    Ok(faults.is_empty())
}

impl MeasuredArgs {
    /// A design of each dataflow, and the memory behind all of them. Gated MACs would make what is counted depend on zeros.
    fn designs(&self, pes: Option<usize>) -> anyhow::Result<(Vec<Design>, MemoryTiming)> {
        let args = DesignArgs {
            pes,
            rows: self.rows,
            cols: self.cols,
            width: self.width,
            psum_width: self.psum_width,
            glb_kb: self.glb_kb,
            preset: self.preset,
            config: self.config.clone(),
            no_zero_gating: true,
            ..DesignArgs::default()
        };
        // One of each dataflow; rows that are taps of engines, besides, are not rows of all.
        let usual = [ArrayArg::Rs, ArrayArg::Ws, ArrayArg::Nlr, ArrayArg::Os, ArrayArg::Is];
        let arrays = if self.dataflows.is_empty() { &usual[..] } else { &self.dataflows };
        let design = |array: &ArrayArg| {
            let (dataflow, ws_style, os_style) = array.options();
            let args = DesignArgs { dataflow: Some(dataflow), ws_style, os_style, ..args.clone() };
            args.design().with_context(|| format!("dataflow `{}`", array.name()))
        };
        let designs = arrays.iter().map(design).collect::<anyhow::Result<Vec<Design>>>()?;
        let timing = self.memory.timing(&args, &designs[0].arch)?;
        Ok((designs, timing))
    }
}
