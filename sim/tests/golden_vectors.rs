//! The golden model against vectors from an independent NumPy model, `scripts/golden_vectors.py`.

use ndarray::{Array4, Axis};
use serde::Deserialize;
use sim::golden;
use sim::npy;
use sim::shape::{ConvShape, Numerics, Output};
use sim::tensor::{Geometry, TensorFiles, Tensors};
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    shape: ConvShape,
    numerics: Numerics,
    output: Output,
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut cases: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

fn load(folder: &Path) -> (Case, Tensors, Array4<i64>) {
    let case: Case = serde_json::from_str(&fs::read_to_string(folder.join("case.json")).unwrap()).unwrap();
    let ConvShape { stride_h, stride_w, pad_h, pad_w, groups, .. } = case.shape;
    let files = TensorFiles {
        ifmap: folder.join("ifmap.npy"),
        filter: folder.join("filter.npy"),
        bias: Some(folder.join("bias.npy")),
    };
    let geometry = Geometry { stride_h, stride_w, pad_h, pad_w, groups };
    let (shape, tensors) = Tensors::read(&files, &geometry, &case.numerics).unwrap();
    assert_eq!(shape, case.shape, "{}: the files' shape is not the case's", folder.display());
    let ofmap = npy::read(&folder.join("ofmap.npy")).unwrap().into_dimensionality().unwrap();
    (case, tensors, ofmap)
}

#[test]
fn golden_equals_the_numpy_model_element_by_element() {
    let mut wrong = Vec::new();
    for folder in cases() {
        let (case, tensors, want) = load(&folder);
        let have = golden::convolve(&case.shape, &case.numerics, &case.output, &tensors).unwrap();
        assert_eq!(have.shape(), want.shape(), "{}", folder.display());
        let differ: Vec<_> = have.indexed_iter().filter(|&(index, have)| *have != want[index]).collect();
        if let Some((index, have)) = differ.first() {
            let (name, count) = (folder.file_name().unwrap().to_string_lossy(), differ.len());
            let want_word = want[*index];
            wrong.push(format!("{name}: {count} of {} differ, first {index:?}: {have}, not {want_word}", want.len()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The vectors are worth something only if each kind of layer is among them, and no ofmap is constant.
#[test]
fn the_vectors_cover_every_kind_of_layer() {
    let all: Vec<_> = cases().iter().map(|folder| load(folder)).collect();
    let is_there = |what: &str, test: &dyn Fn(&ConvShape, &Numerics, &Output) -> bool| {
        let found = all.iter().any(|(case, _, _)| test(&case.shape, &case.numerics, &case.output));
        assert!(found, "no vector has {what}");
    };
    is_there("a batch", &|shape, _, _| shape.n > 1);
    is_there("groups", &|shape, _, _| shape.groups > 1 && shape.c_per_group() > 1);
    is_there("depthwise filters", &|shape, _, _| shape.groups > 1 && shape.c == shape.groups && shape.m == shape.c);
    is_there("unequal strides", &|shape, _, _| shape.stride_h != shape.stride_w);
    is_there("unequal pads", &|shape, _, _| shape.pad_h != shape.pad_w);
    is_there("an asymmetric filter", &|shape, _, _| shape.r != shape.s);
    is_there("a truncated product", &|_, numerics, _| numerics.psum_shift > 0);
    is_there("narrow psums", &|_, numerics, _| numerics.psum_width < numerics.width);
    is_there("the least width", &|_, numerics, _| numerics.width == 2);
    is_there("the largest widths", &|_, numerics, _| (numerics.width, numerics.psum_width) == (32, 64));
    is_there("ReLU", &|_, _, output| matches!(output, Output::Quantised(requant) if requant.relu));
    is_there(
        "a scale by channel",
        &|_, _, output| matches!(output, Output::Quantised(requant) if requant.scales.len() > 1),
    );
    for (case, _, ofmap) in &all {
        for (m, channel) in ofmap.axis_iter(Axis(1)).enumerate() {
            let zeroed = matches!(&case.output, Output::Quantised(requant) if requant.scale(m) == 0);
            let varies = channel.iter().any(|word| Some(word) != channel.first());
            assert!(varies || zeroed, "{}: ofmap channel {m} is constant", case.shape);
        }
    }
}
