//! Layers from `.npy` files through the hardware, against the vectors of an independent NumPy model.

use crate::{sim, SMALL};
use ndarray::{Array4, ShapeBuilder};
use ndarray_npy::{WritableElement, WriteNpyExt};
use sim::npy;
use std::fs;
use std::path::Path;

/// Runs a vector on an array of `size` and compares the ofmap's file.
#[track_caller]
fn equal(name: &str, size: &str, options: &str) {
    let vector = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name);
    let folder = sim();
    for file in ["ifmap.npy", "filter.npy", "bias.npy"] {
        fs::copy(vector.join(file), folder.path(file)).unwrap();
    }
    let files = "--ifmap ifmap.npy --filter filter.npy --bias bias.npy --out y.npy";
    folder.succeeds(&format!("conv {size} {files} {options}"));
    let have = fs::read(folder.path("y.npy")).unwrap();
    assert!(String::from_utf8_lossy(&have[..128]).contains("'<i8'"), "{name}: not int64");
    assert_eq!(npy::read(&folder.path("y.npy")).unwrap(), npy::read(&vector.join("ofmap.npy")).unwrap(), "{name}");
}

const ARRAY: &str = "--rows 2 --cols 3 --glb-kb 8";

#[test]
fn raw_psums_with_strides_padding_and_groups() {
    equal("plain_3x3", ARRAY, "--width 8");
    equal("strides_4_and_3", ARRAY, "--width 16 --stride-h 4 --stride-w 3 --raw");
    equal("wide_filter_pad_beyond_it", ARRAY, "--width 8 --psum-width 20 --pad-h 1 --pad-w 4");
    equal("tall_filter_pads_differ", ARRAY, "--width 10 --stride-w 2 --pad-h 2");
    equal("groups_of_2", ARRAY, "--width 8 --psum-width 18 --groups 2 --pad-h 1 --pad-w 1");
    equal("depthwise", ARRAY, "--width 8 --groups 5 --stride-h 2 --stride-w 2 --pad-h 1 --pad-w 1");
    equal("fully_connected", ARRAY, "--width 12 --psum-width 27");
    equal("pointwise", ARRAY, "--width 16");
}

#[test]
fn the_least_and_the_largest_width_and_truncated_products() {
    equal("width_2", ARRAY, "--width 2");
    equal("width_32_psums_64_wrap", ARRAY, "--width 32");
    equal("psum_shift", ARRAY, "--width 16 --psum-width 24 --psum-shift 11");
}

#[test]
fn requantised_words() {
    equal("requantised", ARRAY, "--width 8 --psum-width 24 --shift 8 --pad-h 1 --pad-w 1");
}

#[test]
fn every_surrounding_gives_the_same_result() {
    let (name, layer) = ("groups_of_2", "--width 8 --psum-width 18 --groups 2 --pad-h 1 --pad-w 1");
    for surrounding in ["--dram-latency 1", "--dram-latency 300", "--dram-jitter 5", "--reset-at 200 --dram-jitter 6"] {
        equal(name, ARRAY, &format!("{layer} {surrounding}"));
    }
    // A reset after the end is one at the end.
    equal(name, ARRAY, &format!("{layer} --reset-at 1000000000"));
}

fn ifmap() -> Array4<i64> {
    Array4::from_shape_fn([1, 2, 4, 5], |(_, c, h, w)| (17 * c + 5 * h + 3 * w) as i64 % 128)
}

fn bytes<T: WritableElement>(array: &Array4<T>) -> Vec<u8> {
    let mut bytes = Vec::new();
    array.write_npy(&mut bytes).unwrap();
    bytes
}

/// As NumPy writes it for big-endian 16-bit integers.
fn big_endian(array: &Array4<i16>) -> Vec<u8> {
    let mut bytes = bytes(array);
    let mark = bytes.iter().position(|byte| *byte == b'<').unwrap();
    bytes[mark] = b'>';
    let data = bytes.len() - 2 * array.len();
    bytes[data..].chunks_mut(2).for_each(|word| word.reverse());
    bytes
}

#[test]
fn every_integer_type_order_and_endianness_is_the_same_layer() {
    let folder = sim();
    let words = ifmap();
    let mut fortran = Array4::<i32>::zeros(words.raw_dim().f());
    fortran.assign(&words.mapv(|word| word as i32));
    folder.write("int8.npy", bytes(&words.mapv(|word| word as i8)));
    folder.write("uint8.npy", bytes(&words.mapv(|word| word as u8)));
    folder.write("int16.npy", bytes(&words.mapv(|word| word as i16)));
    folder.write("big.npy", big_endian(&words.mapv(|word| word as i16)));
    folder.write("fortran.npy", bytes(&fortran));
    folder.write("int64.npy", bytes(&words));
    folder.write(
        "w.npy",
        bytes(&Array4::from_shape_fn([3, 2, 3, 3], |(m, c, r, s)| (m * c + r * s) as i8 - 1 - 2 * (m % 2) as i8)),
    );
    let run = |ifmap: &str| {
        let engine = if ifmap == "int64.npy" { "golden" } else { "builtin" };
        folder.succeeds(&format!(
            "conv {SMALL} --ifmap {ifmap} --filter w.npy --relu --shift 4 --engine {engine} --out y.npy"
        ));
        npy::read(&folder.path("y.npy")).unwrap()
    };
    let golden = run("int64.npy");
    assert!(golden.iter().any(|word| *word == 0) && golden.iter().any(|word| *word > 0), "{golden}");
    for name in ["int8.npy", "uint8.npy", "int16.npy", "big.npy", "fortran.npy"] {
        assert_eq!(run(name), golden, "{name}");
    }
}
