//! What a host puts into memory to run a layer, and where: for whoever has a generated accelerator in a system of their own.

use crate::golden;
use crate::machine::{Loaded, Work};
use crate::npy;
use anyhow::Context;
use gen::generate::TOP;
use gen::numerics::{Numerics, Output};
use gen::output::Kind;
use gen::shape::ConvShape;
use hw::arch::container_bytes;
use hw::program::COMMAND_BYTES;
use hw::Arch;
use ndarray::{ArrayView, Dimension};
use serde::Serialize;

/// A folder that holds an image.
pub const IMAGE: Kind = Kind { mark: "image.json", field: "program" };

/// `image.json`: all addresses in bytes.
#[derive(Serialize)]
struct Contents<'a> {
    top: &'static str,
    /// Options of `gen` that build the design for which the program is.
    design: &'a str,
    layer: &'a str,
    shape: &'a ConvShape,
    numerics: &'a Numerics,
    output: &'a Output,
    memory: Memory,
    program: Program,
    ofmap: Ofmap,
}

/// What `memory.bin` holds.
#[derive(Serialize)]
struct Memory {
    file: &'static str,
    address: u64,
    bytes: usize,
}

/// What goes into `QUEUE_ADDR` and `QUEUE_PUSH`.
#[derive(Serialize)]
struct Program {
    address: u64,
    blocks: usize,
}

/// Where the result will be: N×M×E×F signed elements, little-endian, sign-extended to whole containers.
#[derive(Serialize)]
struct Ofmap {
    address: u64,
    dims: [usize; 4],
    element_bytes: usize,
}

/// The files of an image: path and content.
pub type Files = Vec<(&'static str, Vec<u8>)>;

/// The image of `layer` from address `base` on (a multiple of 64), for the design that `gen`'s options `design` build:
/// `memory.bin`, `image.json`, the operands and the golden ofmap as `.npy`.
pub fn image(arch: &Arch, design: &str, layer: &str, work: &Work, base: u64) -> anyhow::Result<Files> {
    let golden = golden::convolve(work.shape, work.numerics, work.output, work.tensors)?;
    let loaded = Loaded::new(arch, work, base)?;
    let (address, bytes) = loaded.dram.image();
    let layout = loaded.program.layout;
    let contents = Contents {
        top: TOP,
        design,
        layer,
        shape: work.shape,
        numerics: work.numerics,
        output: work.output,
        memory: Memory { file: "memory.bin", address, bytes: bytes.len() },
        program: Program { address: layout.program, blocks: loaded.program.bytes.len() / COMMAND_BYTES },
        ofmap: Ofmap {
            address: layout.ofmap,
            dims: work.shape.ofmap_dims(),
            element_bytes: container_bytes(work.output.width(work.numerics) as usize),
        },
    };
    Ok(vec![
        (IMAGE.mark, (serde_json::to_string_pretty(&contents)? + "\n").into_bytes()),
        ("memory.bin", bytes),
        ("ifmap.npy", array(work.tensors.ifmap.view())?),
        ("filter.npy", array(work.tensors.filter.view())?),
        ("bias.npy", array(work.tensors.bias.view())?),
        ("ofmap.npy", array(golden.view())?),
    ])
}

fn array<D: Dimension>(array: ArrayView<'_, i64, D>) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    npy::write_to(&mut bytes, array).context("an array in memory")?;
    Ok(bytes)
}
