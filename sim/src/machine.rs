//! A generated accelerator on an engine, with a host and a memory around it: what runs layers.

use crate::engine::{Builtin, Design, Engine, Icarus, IcarusOptions, Pinout, Repeated, Verilator, VerilatorOptions};
use crate::host::{qualify, Access, Dram, Host, HostConfig, Job, MemoryTiming, Run};
use crate::slots;
use crate::tensor::Tensors;
use anyhow::Context;
use clap::ValueEnum;
use gen::generate::{verilog, TOP};
use gen::mapper::{
    pack_params, pack_words, unpack_words, AnyMapping, AnyPlan, Codes, Compression, Content, Cost, LayerProgram, Link,
};
use gen::numerics::{Numerics, Output};
use gen::shape::ConvShape;
use hw::accelerator::Accelerator;
use hw::program::COMMAND_BYTES;
use hw::registers::{counter_offset, COUNTERS};
use hw::rlc::Codec;
use hw::rtl::prelude::Block;
use hw::Arch;
use ndarray::Array4;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::{Duration, Instant};

/// Address of the first byte that a layer uses.
const BASE: u64 = 0x1000;
/// Modules that stand many times in an accelerator.
const REPEATED: Repeated = Repeated { modules: &["pe", "pe_row", "glb_lane"], shared: &["clk", "layer_"] };
/// Cycles that a layer may take beyond many times its estimate; more than the watchdog's patience.
const SPARE_CYCLES: u64 = 2_000_000;

/// What runs a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EngineKind {
    /// The golden convolution alone
    Golden,
    /// The rust-hdl blocks in rust-hdl's simulator; needs no tool
    Builtin,
    /// The emitted Verilog, compiled by Verilator
    Verilator,
    /// The emitted Verilog in Icarus, with X
    Icarus,
}

impl EngineKind {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            EngineKind::Golden => "golden",
            EngineKind::Builtin => "builtin",
            EngineKind::Verilator => "verilator",
            EngineKind::Icarus => "icarus",
        }
    }
}

/// Surroundings of a machine.
#[derive(Clone, Debug, Default)]
pub struct Setup<'a> {
    /// Speed of the memory.
    pub timing: MemoryTiming,
    /// A waveform to write.
    pub vcd: Option<&'a Path>,
    /// Where Verilator's compiled designs are kept; the user's cache unless it is given.
    pub cache: Option<&'a Path>,
    /// Threads that evaluate a design in Verilator; one unless it is given.
    pub threads: Option<NonZeroUsize>,
}

/// A layer to run.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// Shape of the layer.
    pub shape: &'a ConvShape,
    /// How it is laid over the array.
    pub mapping: AnyMapping,
    /// Widths.
    pub numerics: &'a Numerics,
    /// What is made of psums.
    pub output: &'a Output,
    /// Operands.
    pub tensors: &'a Tensors,
    /// Which of the tensors are compressed in memory.
    pub compression: Compression,
    /// Reset after this many cycles and start anew.
    pub reset_at: Option<u64>,
}

/// A layer in memory, ready to run.
pub struct Loaded {
    /// The mapping with all that follows from it.
    pub plan: AnyPlan,
    /// The program, with what it is expected to count.
    pub program: LayerProgram,
    /// All that it reads, and room for what it writes.
    pub dram: Dram,
    /// What the slots of a compressed ifmap hold.
    pub ifmap_contents: Vec<Content>,
}

/// What came of it.
pub struct Done {
    /// N×M×E×F, as the accelerator left it in memory; `None` if it stopped with an error.
    pub ofmap: Option<Array4<i64>>,
    /// Status and counters.
    pub run: Run,
    /// How long the engine took.
    pub wall: Duration,
    /// The program, with what it was expected to count.
    pub program: LayerProgram,
    /// The mapping with all that follows from it.
    pub plan: AnyPlan,
    /// What its compressed slots hold.
    pub codes: Codes,
}

/// An accelerator that can run layers, one after the other.
pub struct Machine {
    arch: Arch,
    link: Link,
    host: Host<Box<dyn Engine>>,
    /// Cycles after which a layer is given up, in terms of its estimate.
    cycles_per_estimate: u64,
}

impl Machine {
    /// Builds the accelerator on an engine (`kind` is not `Golden`).
    pub fn new(arch: &Arch, kind: EngineKind, setup: &Setup) -> anyhow::Result<Machine> {
        Machine::on(arch, engine(arch, kind, setup)?, &setup.timing)
    }

    /// The accelerator on an engine that has been built.
    pub fn on(arch: &Arch, engine: Box<dyn Engine>, timing: &MemoryTiming) -> anyhow::Result<Machine> {
        let config = HostConfig { timing: timing.clone(), counters: counter_list(), ..HostConfig::default() };
        let cycles_per_estimate = cycles_per_estimate(&timing.link(arch.link_clock));
        let host = Host::new(engine, Dram::new(), config)?;
        Ok(Machine { arch: arch.clone(), link: timing.link(arch.link_clock), host, cycles_per_estimate })
    }

    /// The accelerator's host, for tests that go around `run`.
    pub fn host(&mut self) -> &mut Host<Box<dyn Engine>> {
        &mut self.host
    }

    /// Resets the accelerator: the next layer finds nothing that one before it has left.
    pub fn reset(&mut self) -> anyhow::Result<()> {
        Ok(self.host.reset()?)
    }

    /// Gives the memory another speed. To be called between layers.
    pub fn set_timing(&mut self, timing: &MemoryTiming) {
        self.link = timing.link(self.arch.link_clock);
        self.cycles_per_estimate = cycles_per_estimate(&self.link);
        self.host.set_timing(timing);
    }

    /// Runs a layer. `progress` is told the cycles that have passed, now and then.
    pub fn run(&mut self, work: &Work, progress: Option<&mut dyn FnMut(u64)>) -> anyhow::Result<Done> {
        let loaded = self.load(work)?;
        let expected = self.expected(work, &loaded).cycles;
        self.execute(work, loaded, expected, progress)
    }

    /// A layer's program, and a memory that holds it and the operands.
    pub fn load(&self, work: &Work) -> anyhow::Result<Loaded> {
        Loaded::new(&self.arch, work, BASE)
    }

    /// What a layer that [`Machine::load`] made of `work` is expected to cost.
    pub fn expected(&self, work: &Work, loaded: &Loaded) -> Cost {
        loaded.plan.estimate(&self.link, work.output.bytes(&self.arch))
    }

    /// Runs a layer that [`Machine::load`] made of `work` and that is expected to take so many cycles. After an error the accelerator is
    /// reset for the next one.
    pub fn execute(
        &mut self,
        work: &Work,
        loaded: Loaded,
        expected: u64,
        progress: Option<&mut dyn FnMut(u64)>,
    ) -> anyhow::Result<Done> {
        let Loaded { plan, program, dram, ifmap_contents } = loaded;
        self.host.dram = dram;
        let blocks = (program.bytes.len() / COMMAND_BYTES) as u32;
        let limit = self.cycles_per_estimate * expected + SPARE_CYCLES;
        let job = Job { address: program.layout.program, blocks, limit, reset_at: work.reset_at, progress };
        let start = Instant::now();
        let run = self.host.run_program(job)?;
        let wall = start.elapsed();
        let mut ofmap_contents = Vec::new();
        let ofmap = match run.status.error {
            true => {
                self.host.reset()?;
                None
            }
            false => {
                let (width, dims) = (self.arch.width, work.shape.ofmap_dims());
                let words = match program.layout.compression.ofmap {
                    Some(format) => {
                        let codec = Codec { format, width };
                        let read = slots::read(&self.host.dram, codec, &program.ofmap_slots, dims)?;
                        ofmap_contents = read.contents;
                        read.words
                    }
                    None => {
                        let bytes = self.host.dram.read(program.layout.ofmap, plan.ofmap_bytes(work.output))?;
                        unpack_words(bytes, work.output.width(work.numerics) as usize)
                    }
                };
                Some(Array4::from_shape_vec(dims, words)?)
            }
        };
        let count = |slots: &[Content]| slots.iter().map(|content| content.codes() as u64).collect::<Vec<_>>();
        let program = program.with_codes(&self.arch, &count(&ifmap_contents), &count(&ofmap_contents));
        let addresses = program.ifmap_slots.iter().chain(&program.ofmap_slots).map(|slot| slot.address);
        let codes = addresses.zip(ifmap_contents.into_iter().chain(ofmap_contents)).collect();
        Ok(Done { ofmap, run, wall, program, plan, codes })
    }
}

impl Loaded {
    /// A layer's program, and a memory that holds it and the operands, from address `base` on.
    pub fn new(arch: &Arch, work: &Work, base: u64) -> anyhow::Result<Loaded> {
        let Work { shape, mapping, numerics, output, tensors, compression, .. } = *work;
        let plan = mapping.check(shape, arch)?;
        let layout = plan.place(output, compression, base);
        let program = plan.build(numerics, output, &layout, 1)?;

        let filters = plan.pack_filters(tensors.filter.as_standard_layout().as_slice().context("filters")?);
        let params = pack_params(tensors.bias.as_slice().context("bias")?, output);
        let ifmap: Vec<i64> = tensors.ifmap.iter().copied().collect();
        let codec = |format| Codec { format, width: arch.width };
        let (ifmap, ifmap_contents) = match layout.compression.ifmap {
            Some(format) => {
                let (slots, dims) = (&program.ifmap_slots, shape.ifmap_dims());
                slots::write(codec(format), arch.link_bytes(), slots, layout.ifmap, &ifmap, dims)
            }
            None => (pack_words(ifmap, arch.width), vec![]),
        };
        let mut dram = Dram::new();
        let mut region = |name: &str, address: u64, bytes: &[u8], access| -> anyhow::Result<()> {
            // The link reads whole beats: a region ends with one.
            dram.place(name, address, bytes.len().next_multiple_of(arch.link_bytes()).max(16), access)?;
            Ok(dram.write(address, bytes)?)
        };
        region("the ifmap", layout.ifmap, &ifmap, Access::Read)?;
        region("the filters", layout.filters, &filters, Access::Read)?;
        region("the parameters", layout.params, &params, Access::Read)?;
        let ofmap_bytes = match layout.compression.ofmap {
            Some(format) => slots::extent(codec(format), &program.ofmap_slots, layout.ofmap),
            None => plan.ofmap_bytes(output),
        };
        region("the ofmap", layout.ofmap, &vec![0xa5; ofmap_bytes], Access::ReadWrite)?;
        region("the program", layout.program, &program.bytes, Access::Read)?;
        Ok(Loaded { plan, program, dram, ifmap_contents })
    }
}

/// Cycles after which a layer is given up, in terms of its estimate.
fn cycles_per_estimate(link: &Link) -> u64 {
    40 + link.latency
}

/// Names and addresses of the hardware's counters.
fn counter_list() -> Vec<(&'static str, u32)> {
    COUNTERS.iter().enumerate().map(|(i, c)| (c.name, counter_offset(i) as u32)).collect()
}

fn engine(arch: &Arch, kind: EngineKind, setup: &Setup) -> anyhow::Result<Box<dyn Engine>> {
    Ok(match kind {
        EngineKind::Golden => anyhow::bail!("the golden convolution is no engine"),
        EngineKind::Builtin => {
            let mut engine = Builtin::new(Accelerator::new(arch), wires())?;
            if let Some(path) = setup.vcd {
                engine.trace(path)?;
            }
            Box::new(engine)
        }
        EngineKind::Verilator => {
            let told = || {
                // Who has a cache of his own knows when designs are built.
                if setup.cache.is_none() {
                    eprintln!("building the Verilator model (kept for the next run) ...");
                }
            };
            let options = VerilatorOptions {
                vcd: setup.vcd,
                cache: setup.cache,
                on_build: Some(&told),
                threads: setup.threads,
                ..VerilatorOptions::default()
            };
            Box::new(verilator(arch, options)?)
        }
        EngineKind::Icarus => {
            let options = IcarusOptions { vcd: setup.vcd, ..IcarusOptions::default() };
            Box::new(Icarus::new(&design(arch)?, &options)?)
        }
    })
}

/// The accelerator in Verilator, with what is said of its repeated modules.
pub fn verilator(arch: &Arch, options: VerilatorOptions) -> anyhow::Result<Verilator> {
    Ok(Verilator::new(&design(arch)?, &VerilatorOptions { repeated: REPEATED, ..options })?)
}

/// The accelerator as Verilog.
fn design(arch: &Arch) -> anyhow::Result<Design> {
    let mut accelerator = Accelerator::new(arch);
    accelerator.connect_all();
    let mut pinout = Pinout::of(&accelerator);
    qualify(&mut pinout)?;
    Ok(Design { top: TOP.into(), verilog: verilog(arch)?.to_string(), pinout })
}

fn wires() -> crate::engine::Wires<Accelerator> {
    let wires = crate::wires!(Accelerator:
        s_axil_awaddr, s_axil_awvalid, s_axil_awready,
        s_axil_wdata, s_axil_wstrb, s_axil_wvalid, s_axil_wready,
        s_axil_bresp, s_axil_bvalid, s_axil_bready,
        s_axil_araddr, s_axil_arvalid, s_axil_arready,
        s_axil_rdata, s_axil_rresp, s_axil_rvalid, s_axil_rready,
        m_axi_awaddr, m_axi_awlen, m_axi_awsize, m_axi_awburst, m_axi_awcache, m_axi_awprot, m_axi_awvalid, m_axi_awready,
        m_axi_wdata, m_axi_wstrb, m_axi_wlast, m_axi_wvalid, m_axi_wready,
        m_axi_bresp, m_axi_bvalid, m_axi_bready,
        m_axi_araddr, m_axi_arlen, m_axi_arsize, m_axi_arburst, m_axi_arcache, m_axi_arprot, m_axi_arvalid, m_axi_arready,
        m_axi_rdata, m_axi_rresp, m_axi_rlast, m_axi_rvalid, m_axi_rready,
        irq,
    );
    wires.with_link_clock(|accelerator| &mut accelerator.link_clock)
}
