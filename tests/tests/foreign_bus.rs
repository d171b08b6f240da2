//! The emitted Verilog in the hands of bus models that this project did not write, under Icarus: `tests/cocotb`.

use gen::design::DesignArgs;
use gen::generate::generate;
use gen::mapper::map;
use gen::numerics::{Numerics, Output, Requant};
use gen::output::{replace_folder, replace_kind};
use gen::shape::ConvShape;
use sim::data::RandomData;
use sim::image::{image, IMAGE};
use sim::machine::Work;
use std::path::Path;
use std::process::Command;
use tests::python;

/// Address of the layer in the bus models' memory, which ends at 2 GiB.
const BASE: u64 = 0x7000_0000;

#[track_caller]
fn passes(args: DesignArgs, shape: ConvShape, output: Output) {
    let design = args.design().unwrap();
    let arch = &design.arch;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    replace_folder(&path("design"), &generate(&design).unwrap().files).unwrap();

    let mapping = map(&shape, arch).unwrap();
    let numerics =
        Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, ..Numerics::new(arch.width as u32) };
    let tensors = RandomData::new(7, 0.3).unwrap().tensors(&shape, &numerics, 0);
    let work = Work {
        shape: &shape,
        mapping: mapping.into(),
        numerics: &numerics,
        output: &output,
        tensors: &tensors,
        compression: Default::default(),
        reset_at: None,
    };
    let files = image(arch, &design.arguments(), "layer", &work, BASE).unwrap();
    let files: Vec<_> = files.iter().map(|(path, content)| (*path, content.as_slice())).collect();
    replace_kind(&path("image"), IMAGE, &files).unwrap();

    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("cocotb/run.py");
    let outcome =
        Command::new(python("python")).arg(script).args(["design", "image", "build"].map(path)).output().unwrap();
    let printed = String::from_utf8_lossy(&outcome.stdout);
    assert!(
        outcome.status.success() && printed.trim_end().ends_with("cocotb: 12 tests, 0 failed"),
        "{printed}\n{}",
        String::from_utf8_lossy(&outcome.stderr)
    );
}

fn args(rows: usize, cols: usize, width: usize, link_width: usize) -> DesignArgs {
    DesignArgs {
        rows: Some(rows),
        cols: Some(cols),
        width: Some(width),
        glb_kb: Some(8),
        link_width: Some(link_width),
        ..DesignArgs::default()
    }
}

#[test]
fn raw_psums_over_a_link_of_64_bits() {
    // Rows of 42 bytes: bursts of several beats.
    let shape = ConvShape { m: 4, c: 4, h: 5, w: 21, r: 3, s: 3, pad_h: 1, pad_w: 1, groups: 2, ..Default::default() };
    passes(args(2, 2, 8, 64), shape, Output::Raw);
}

#[test]
fn requantised_words_over_a_link_of_32_bits() {
    let shape = ConvShape { n: 2, m: 3, c: 3, h: 7, w: 14, r: 2, s: 3, stride_w: 2, ..Default::default() };
    let output = Output::Quantised(Requant { relu: true, scales: vec![3], shifts: vec![11] });
    passes(args(2, 3, 12, 32), shape, output);
}
