use super::{Builtin, Design, Engine, EngineError, Icarus, IcarusOptions, Verilator, VerilatorOptions, Wires};
use crate::host::qualify;
use crate::wires;
use hw::accelerator::Accelerator;
use hw::Arch;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// An engine to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EngineKind {
    /// [`Builtin`].
    Builtin,
    /// [`Verilator`].
    Verilator,
    /// [`Icarus`].
    Icarus,
}

impl EngineKind {
    /// All of them.
    pub const ALL: [EngineKind; 3] = [EngineKind::Builtin, EngineKind::Verilator, EngineKind::Icarus];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            EngineKind::Builtin => "builtin",
            EngineKind::Verilator => "verilator",
            EngineKind::Icarus => "icarus",
        }
    }
}

impl fmt::Display for EngineKind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for EngineKind {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        let found = EngineKind::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| format!("engine `{name}` is none of builtin, verilator, icarus"))
    }
}

/// What can be chosen about the simulation of an accelerator.
#[derive(Clone, Copy)]
pub struct EngineOptions<'a> {
    /// See [`VerilatorOptions::seed`].
    pub seed: u32,
    /// Writes a waveform here.
    pub vcd: Option<&'a Path>,
    /// See [`VerilatorOptions::on_build`].
    pub on_build: Option<&'a dyn Fn()>,
}

impl Default for EngineOptions<'_> {
    fn default() -> Self {
        EngineOptions { seed: 1, vcd: None, on_build: None }
    }
}

/// The accelerator of `arch` on an engine.
pub fn start(kind: EngineKind, arch: &Arch, options: &EngineOptions) -> Result<Box<dyn Engine + Send>, EngineError> {
    let &EngineOptions { seed, vcd, on_build } = options;
    Ok(match kind {
        EngineKind::Builtin => {
            let mut engine = Builtin::new(Accelerator::new(arch), accelerator_wires())?;
            if let Some(path) = vcd {
                engine.trace(path)?;
            }
            Box::new(engine)
        }
        EngineKind::Verilator => {
            let options = VerilatorOptions { seed, vcd, on_build, ..Default::default() };
            Box::new(Verilator::new(&accelerator_design(arch)?, &options)?)
        }
        EngineKind::Icarus => {
            Box::new(Icarus::new(&accelerator_design(arch)?, &IcarusOptions { vcd, ..Default::default() })?)
        }
    })
}

/// The accelerator of `arch` in Verilog.
pub fn accelerator_design(arch: &Arch) -> Result<Design, EngineError> {
    let mut design = Design::of(&mut Accelerator::new(arch), "accelerator")?;
    qualify(&mut design.pinout)?;
    Ok(design)
}

fn accelerator_wires() -> Wires<Accelerator> {
    wires!(Accelerator: s_axil_awaddr, s_axil_awvalid, s_axil_awready, s_axil_wdata, s_axil_wstrb, s_axil_wvalid,
        s_axil_wready, s_axil_bresp, s_axil_bvalid, s_axil_bready, s_axil_araddr, s_axil_arvalid, s_axil_arready,
        s_axil_rdata, s_axil_rresp, s_axil_rvalid, s_axil_rready, irq, m_axi_awaddr, m_axi_awlen, m_axi_awsize,
        m_axi_awburst, m_axi_awcache, m_axi_awprot, m_axi_awvalid, m_axi_awready, m_axi_wdata, m_axi_wstrb, m_axi_wlast,
        m_axi_wvalid, m_axi_wready, m_axi_bresp, m_axi_bvalid, m_axi_bready, m_axi_araddr, m_axi_arlen, m_axi_arsize,
        m_axi_arburst, m_axi_arcache, m_axi_arprot, m_axi_arvalid, m_axi_arready, m_axi_rdata, m_axi_rresp, m_axi_rlast,
        m_axi_rvalid, m_axi_rready)
}
