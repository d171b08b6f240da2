//! Writes a design as Verilog-2005.
//!
//! [`emit`] walks an elaborated rust-hdl design and gives one module for each *distinct* block, named for what the block is
//! ([`describe!`](hw::describe)). The text depends on the design's structure alone, and Icarus, Verilator and Yosys accept
//! it; `verilator --lint-only -Wall` has nothing to say.
//!
//! What a name becomes: a field `count: Reg` is `count` (and `count_next`, where its next value needs a name), a field `clock`
//! is `clk` and `rst`, `enq: StreamIn` is `enq_payload`, `enq_valid`, `enq_ready`, and `pes: Vec<Pe>` is `pes_0`, `pes_1`, ….
//! A `Vec` of ports is one vector, element 0 in its lowest bits, except at the top: `id[2*4 +: 4]`. A wire that only hands
//! on a signal is called what the signal is; queues are instances of one `fifo`, and blocks of wires alone are no modules.
//!
//! Every value is what [`hw::rtl::Word`] computes; the tests of the `tests` crate hold the two against each other.
//! Not defined in Verilog, so never to be relied on: a read of a memory word that was never written, or past the last one.

mod always;
mod collect;
mod error;
mod expr;
mod fold;
mod group;
mod index;
mod instance;
mod key;
mod layout;
mod library;
mod lower;
mod merge;
mod module;
mod names;
mod naming;
mod nets;
mod port;
mod resolve;
mod scope;
mod slice;
mod split;
mod stmt;
mod structure;
mod text;
mod titles;
mod types;
mod untangle;
mod unused;
mod wiring;
mod write;

pub use error::{EmitError, Fault};
pub use structure::{Part, Structure};

use collect::Collector;
use hw::rtl::prelude::Block;
use std::fmt;

/// A Verilog module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// Its name.
    pub name: String,
    /// Its text: a comment that says what it is, and the module.
    pub text: String,
    /// What it is made of, without the modules inside; of the library's queue nothing, which is its users'.
    pub own: Structure,
}

/// A design in Verilog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verilog {
    /// Each module after the modules that it uses; the top comes last.
    pub modules: Vec<Module>,
    /// What all of it is made of.
    pub whole: Structure,
}

impl Verilog {
    /// The top module.
    pub fn top(&self) -> &Module {
        &self.modules[self.modules.len() - 1]
    }

    /// The module of this name.
    pub fn module(&self, name: &str) -> Option<&Module> {
        self.modules.iter().find(|module| module.name == name)
    }
}

impl fmt::Display for Verilog {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (i, module) in self.modules.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&module.text)?;
        }
        Ok(())
    }
}

/// Writes the design under `top`, whose module is called `name`. The design is elaborated: `connect_all` has been called.
pub fn emit(top: &dyn Block, name: &str) -> Result<Verilog, EmitError> {
    let mut collector = Collector::new(name);
    top.accept(name, &mut collector);
    if let Some(error) = collector.error {
        return Err(error);
    }
    if collector.drafts.is_empty() {
        return Err(EmitError { path: name.into(), fault: Fault::Unsupported("a top that is no block".into()) });
    }
    let whole = collector.wholes.pop().unwrap_or_default();
    Ok(Verilog { modules: titles::entitle(collector.drafts, name), whole })
}

#[cfg(test)]
mod tests;
