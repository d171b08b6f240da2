use super::*;
use expect_test::{expect, Expect};
use ndarray::{array, Array, Array2, ShapeBuilder};
use ndarray_npy::{WritableElement, WriteNpyExt};
use std::fs;
use tempfile::TempDir;

/// A folder of test files. Messages show it as `…`.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn bytes(&self, name: &str, bytes: &[u8]) -> PathBuf {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    fn save<T: WritableElement, D: Dimension>(&self, name: &str, array: &Array<T, D>) -> PathBuf {
        let mut bytes = Vec::new();
        array.write_npy(&mut bytes).unwrap();
        self.bytes(name, &bytes)
    }

    /// A 1×4×5×6 ifmap, a 2×4×3×3 filter, a bias of 2, all zeros.
    fn layer(&self) -> TensorFiles {
        TensorFiles {
            ifmap: self.save("x.npy", &Array4::<i8>::zeros([1, 4, 5, 6])),
            filter: self.save("w.npy", &Array4::<i8>::zeros([2, 4, 3, 3])),
            bias: Some(self.save("b.npy", &Array1::<i8>::zeros(2))),
        }
    }

    #[track_caller]
    fn check<T: std::fmt::Debug, E: std::fmt::Display>(&self, result: Result<T, E>, expect: Expect) {
        let message = result.map_err(|error| error.to_string()).unwrap_err();
        expect.assert_eq(&message.replace(&format!("{}/", self.0.path().display()), "…/"));
    }
}

fn read(files: &TensorFiles) -> Result<(ConvShape, Tensors), TensorError> {
    Tensors::read(files, &Geometry::default(), &Numerics::new(8))
}

#[test]
fn every_numpy_integer_type_in_both_orders_reads_the_same() {
    fn reads<T: WritableElement + TryFrom<i64> + Copy + Default>(folder: &Folder) {
        let want = Array::from_shape_fn([2, 3, 2, 5], |(a, b, c, d)| (a * 30 + b * 10 + c * 5 + d) as i64);
        let narrow = want.mapv(|value| T::try_from(value).ok().unwrap());
        assert_eq!(npy::read(&folder.save("c.npy", &narrow)).unwrap(), want.clone().into_dyn());
        let mut fortran = Array4::<T>::default([2, 3, 2, 5].f());
        fortran.assign(&narrow);
        let path = folder.save("f.npy", &fortran);
        assert!(String::from_utf8_lossy(&fs::read(&path).unwrap()).contains("'fortran_order': True"));
        let have = npy::read(&path).unwrap();
        assert!(have.is_standard_layout());
        assert_eq!(have, want.into_dyn());
    }
    let folder = Folder::new();
    reads::<i8>(&folder);
    reads::<i16>(&folder);
    reads::<i32>(&folder);
    reads::<i64>(&folder);
    reads::<u8>(&folder);
    reads::<u16>(&folder);
    reads::<u32>(&folder);
    reads::<u64>(&folder);
}

#[test]
fn big_endian_files_read_the_same() {
    let folder = Folder::new();
    let path = folder.save("x.npy", &array![1_i16, -2]);
    let mut bytes = fs::read(&path).unwrap();
    let mark = bytes.iter().position(|&byte| byte == b'<').unwrap();
    bytes[mark] = b'>';
    let data = bytes.len() - 4;
    bytes[data..].copy_from_slice(&[0, 1, 0xff, 0xfe]);
    assert_eq!(npy::read(&folder.bytes("x.npy", &bytes)).unwrap(), array![1_i64, -2].into_dyn());
}

#[test]
fn what_is_written_reads_back_and_leaves_nothing_else_behind() {
    let folder = Folder::new();
    let array = array![[i64::MIN, 0], [-1, i64::MAX]];
    npy::write(&folder.path("y.npy"), array.view()).unwrap();
    npy::write(&folder.path("y.npy"), array.t()).unwrap(); // over the old file, in C order all the same
    let text = String::from_utf8_lossy(&fs::read(folder.path("y.npy")).unwrap()).into_owned();
    assert!(text.contains("'<i8'") && text.contains("'fortran_order': False"), "{text}");
    assert_eq!(npy::read(&folder.path("y.npy")).unwrap(), array.t().into_dyn());
    assert_eq!(fs::read_dir(folder.0.path()).unwrap().count(), 1);
    npy::write(Path::new("/dev/null"), array.view()).unwrap();
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    folder.check(
        npy::write(&folder.path("no/y.npy"), array.view()),
        expect!["`…/no/y.npy` cannot be written: No such file or directory (os error 2)"],
    );
    fs::create_dir(folder.path("taken.npy")).unwrap();
    folder.check(
        npy::write(&folder.path("taken.npy"), array.view()),
        expect!["`…/taken.npy` cannot be written: is a directory"],
    );
}

#[test]
fn a_broken_file_is_named_with_what_is_wrong() {
    let folder = Folder::new();
    let good = fs::read(folder.save("x.npy", &Array2::<i16>::zeros([3, 4]))).unwrap();
    let data = good.len() - 24;
    let broken = |bytes: &[u8]| npy::read(&folder.bytes("x.npy", bytes));
    folder.check(
        npy::read(&folder.path("none.npy")),
        expect!["`…/none.npy` cannot be read: No such file or directory (os error 2)"],
    );
    folder.check(
        broken(b""),
        expect!["`…/x.npy` is not a whole `.npy` file: it ends inside its header; write it with `numpy.save`"],
    );
    folder.check(broken(b"PK\x03\x04 an archive"), expect!["`…/x.npy` is not a whole `.npy` file: error parsing header: start does not match magic string; write it with `numpy.save`"]);
    folder.check(
        broken(&good[..40]),
        expect!["`…/x.npy` is not a whole `.npy` file: it ends inside its header; write it with `numpy.save`"],
    );
    folder.check(broken(&good[..good.len() - 1]), expect!["`…/x.npy` is not a whole `.npy` file: a '<i2' array of shape [3, 4] is 24 bytes, the file holds 23; write it with `numpy.save`"]);
    folder.check(broken(&[&good[..], &[0]].concat()), expect!["`…/x.npy` is not a whole `.npy` file: a '<i2' array of shape [3, 4] is 24 bytes, the file holds 25; write it with `numpy.save`"]);
    let edited = |from: &str, to: &str| {
        let text = String::from_utf8(good[10..data].to_vec()).unwrap();
        let edited = text.replacen(from, to, 1);
        assert_ne!(edited, text);
        let padded = format!("{:<width$}\n", edited.trim_end(), width = text.len() - 1);
        broken(&[&good[..10], padded.as_bytes(), &good[data..]].concat())
    };
    folder.check(edited("(3, 4)", "(3, 1152921504606846976)"), expect!["`…/x.npy` is not a whole `.npy` file: a '<i2' array of shape [3, 1152921504606846976] is 6917529027641081856 bytes, the file holds 24; write it with `numpy.save`"]);
    folder.check(edited("(3, 4)", "(3, -4)"), expect!["`…/x.npy` is not a whole `.npy` file: error parsing header: illegal value for key shape: (3, -4); write it with `numpy.save`"]);
    folder.check(edited("{", "["), expect!["`…/x.npy` is not a whole `.npy` file: error parsing header: error parsing metadata dict: syntax error:  --> 1:8; write it with `numpy.save`"]);
}

#[test]
fn a_type_that_is_no_integer_is_named() {
    let folder = Folder::new();
    folder.check(npy::read(&folder.save("x.npy", &array![1.0_f32])), expect!["`…/x.npy` has dtype '<f4'; expected a NumPy integer type, int8 to int64 or uint8 to uint64: convert with `array.astype(numpy.int64)`"]);
    folder.check(npy::read(&folder.save("x.npy", &array![true])), expect!["`…/x.npy` has dtype '|b1'; expected a NumPy integer type, int8 to int64 or uint8 to uint64: convert with `array.astype(numpy.int64)`"]);
    folder.check(npy::read(&folder.save("x.npy", &array![[0, 1], [2, u64::MAX]])), expect!["`…/x.npy`: value 18446744073709551615 at [1, 1] is outside the 64-bit range -9223372036854775808 to 9223372036854775807"]);
}

#[test]
fn a_layer_takes_its_shape_from_its_files() {
    let folder = Folder::new();
    let files = folder.layer();
    let (shape, tensors) = read(&files).unwrap();
    assert_eq!(shape, ConvShape { m: 2, c: 4, h: 5, w: 6, r: 3, s: 3, ..Default::default() });
    let without = TensorFiles { bias: None, ..files };
    assert_eq!(read(&without).unwrap().1, tensors);
}

#[test]
fn shapes_that_do_not_agree_are_named_with_what_was_expected() {
    let folder = Folder::new();
    let files = folder.layer();
    let with_ifmap = |path| read(&TensorFiles { ifmap: path, ..files.clone() });
    let with_filter = |path| read(&TensorFiles { filter: path, ..files.clone() });
    let with_bias = |path| read(&TensorFiles { bias: Some(path), ..files.clone() });
    folder.check(
        with_ifmap(folder.save("3d.npy", &Array::<i8, _>::zeros([4, 5, 6]))),
        expect!["`…/3d.npy` has shape 4×5×6; expected 4 dimensions, N×C×H×W, for the ifmap"],
    );
    folder.check(
        with_ifmap(folder.save("0d.npy", &Array::<i8, _>::zeros(()))),
        expect!["`…/0d.npy` has shape () (a single number); expected 4 dimensions, N×C×H×W, for the ifmap"],
    );
    folder.check(
        with_ifmap(folder.save("0.npy", &Array::<i8, _>::zeros([1, 0, 5, 6]))),
        expect!["`…/0.npy` has shape 1×0×5×6; no dimension of the ifmap may be 0"],
    );
    folder.check(
        with_filter(folder.save("3c.npy", &Array::<i8, _>::zeros([2, 3, 3, 3]))),
        expect!["`…/3c.npy` has shape 2×3×3×3; expected 2×4×3×3 for the 4 channels of `…/x.npy` in `groups` = 1"],
    );
    folder.check(with_filter(folder.save("2c.npy", &Array::<i8, _>::zeros([2, 2, 3, 3]))), expect!["`…/2c.npy` has shape 2×2×3×3; expected 2×4×3×3 for the 4 channels of `…/x.npy` in `groups` = 1, or `groups` = 2"]);
    folder.check(with_filter(folder.save("big.npy", &Array::<i8, _>::zeros([2, 4, 6, 6]))), expect![[r#"
        `…/x.npy` (ifmap 1×4×5×6) and `…/big.npy` (filter 2×4×6×6) do not make a layer:
        `r` is 6, more than the padded ifmap's height of 5 (`h` 5 + 2 × `pad_h` 0); a filter must fit, so raise `pad_h` to 1 or more"#]]);
    folder.check(
        with_bias(folder.save("b3.npy", &Array::<i8, _>::zeros(3))),
        expect!["`…/b3.npy` has shape 3; expected 2 (one value for each of the M filters)"],
    );
    folder.check(
        with_bias(folder.save("b2d.npy", &Array::<i8, _>::zeros([2, 1]))),
        expect!["`…/b2d.npy` has shape 2×1; expected 1 dimension, M, for the bias"],
    );
}

#[test]
fn a_value_out_of_range_is_named_with_its_place() {
    let folder = Folder::new();
    let files = folder.layer();
    let mut ifmap = Array4::<i32>::zeros([1, 4, 5, 6]);
    ifmap[[0, 3, 4, 5]] = 1 << 31 >> 1;
    ifmap[[0, 1, 2, 3]] = -129;
    let path = folder.save("wide.npy", &ifmap);
    folder.check(read(&TensorFiles { ifmap: path, ..files.clone() }), expect!["`…/wide.npy`: value -129 at [0, 1, 2, 3] is outside the range -128 to 127 of `width` = 8; rescale the data, or choose a `width` of 31 or more"]);
    let mut filter = Array4::<i64>::zeros([2, 4, 3, 3].f());
    filter[[1, 0, 2, 1]] = -(1 << 40);
    filter[[0, 3, 2, 2]] = 128;
    let path = folder.save("wide.npy", &filter);
    folder.check(
        read(&TensorFiles { filter: path, ..files.clone() }),
        expect![
            "`…/wide.npy`: value 128 at [0, 3, 2, 2] is outside the range -128 to 127 of `width` = 8; rescale the data"
        ],
    );
    filter[[0, 3, 2, 2]] = 127;
    let path = folder.save("wide.npy", &filter);
    folder.check(read(&TensorFiles { filter: path, ..files.clone() }), expect!["`…/wide.npy`: value -1099511627776 at [1, 0, 2, 1] is outside the range -128 to 127 of `width` = 8; rescale the data"]);
    let path = folder.save("bias.npy", &array![-32768, 32768]);
    folder.check(read(&TensorFiles { bias: Some(path), ..files }), expect!["`…/bias.npy`: value 32768 at [1] is outside the range -32768 to 32767 of `psum_width` = 16; rescale the data, or choose a `psum_width` of 17 or more"]);
}

#[test]
fn tensors_in_memory_are_checked_alike() {
    let folder = Folder::new();
    let (shape, tensors) = read(&folder.layer()).unwrap();
    let wide = Tensors { bias: array![0, 40_000], ..tensors.clone() };
    folder.check(wide.check(&shape, &Numerics::new(8)), expect!["the bias: value 40000 at [1] is outside the range -32768 to 32767 of `psum_width` = 16; rescale the data, or choose a `psum_width` of 17 or more"]);
    let other = ConvShape { w: 7, ..shape };
    folder.check(
        tensors.check(&other, &Numerics::new(8)),
        expect!["the ifmap has shape 1×4×5×6; expected 1×4×5×7 (N×C×H×W)"],
    );
}
