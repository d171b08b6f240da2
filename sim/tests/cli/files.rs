//! What `sim conv` says of `.npy` files.

use crate::command::Folder;
use crate::{sim, SMALL};
use expect_test::{expect, Expect};
use ndarray::{Array, Dimension, IntoDimension};
use ndarray_npy::{WritableElement, WriteNpyExt};

/// Saves zeros of this shape.
fn zeros<T, D>(folder: &Folder, name: &str, shape: impl IntoDimension<Dim = D>)
where
    T: WritableElement + Default + Clone,
    D: Dimension,
{
    save(folder, name, &Array::<T, D>::default(shape));
}

fn save<T: WritableElement, D: Dimension>(folder: &Folder, name: &str, array: &Array<T, D>) {
    let mut bytes = Vec::new();
    array.write_npy(&mut bytes).unwrap();
    folder.write(name, bytes);
}

/// A folder with the files of a good layer: x.npy 1×4×5×6, w.npy 2×4×3×3, b.npy 2.
fn layer() -> Folder {
    let folder = sim();
    zeros::<i8, _>(&folder, "x.npy", (1, 4, 5, 6));
    zeros::<i8, _>(&folder, "w.npy", (2, 4, 3, 3));
    zeros::<i8, _>(&folder, "b.npy", 2);
    folder
}

#[track_caller]
fn refused(folder: &Folder, arguments: &str, message: Expect) {
    folder.refuses(&format!("conv {SMALL} {arguments}"), message);
}

#[test]
fn a_file_without_its_partner() {
    refused(
        &layer(),
        "--ifmap x.npy",
        expect![[r#"
        error: the following required arguments were not provided:
          --filter <W.npy>

        Usage: sim conv --ifmap <X.npy> --filter <W.npy> --rows <ROWS> --cols <COLS> --width <W> --glb-kb <KiB>

        For more information, try '--help'.
    "#]],
    );
    refused(
        &layer(),
        "--filter w.npy",
        expect![[r#"
        error: the following required arguments were not provided:
          --ifmap <X.npy>

        Usage: sim conv --filter <W.npy> --ifmap <X.npy> --rows <ROWS> --cols <COLS> --width <W> --glb-kb <KiB>

        For more information, try '--help'.
    "#]],
    );
    refused(
        &layer(),
        "--bias b.npy",
        expect![[r#"
        error: the following required arguments were not provided:
          --filter <W.npy>
          --ifmap <X.npy>

        Usage: sim conv --filter <W.npy> --ifmap <X.npy> --rows <ROWS> --cols <COLS> --width <W> --glb-kb <KiB> --bias <B.npy>

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn a_file_beside_what_it_stands_for() {
    refused(
        &layer(),
        "--ifmap x.npy --filter w.npy --m 2",
        expect![[r#"
        error: the argument '--ifmap <X.npy>' cannot be used with '--m <M>'

        Usage: sim conv --rows <ROWS> --cols <COLS> --width <W> --glb-kb <KiB> --ifmap <X.npy> --filter <W.npy>

        For more information, try '--help'.
    "#]],
    );
    refused(
        &layer(),
        "--ifmap x.npy --filter w.npy --layer tiny3/conv1x1",
        expect![[r#"
        error: the argument '--ifmap <X.npy>' cannot be used with '--layer <NETWORK/LAYER>'

        Usage: sim conv --rows <ROWS> --cols <COLS> --width <W> --glb-kb <KiB> --ifmap <X.npy> --filter <W.npy>

        For more information, try '--help'.
    "#]],
    );
    refused(
        &layer(),
        "--ifmap x.npy --filter w.npy --seed 3",
        expect![[r#"
        error: the argument '--ifmap <X.npy>' cannot be used with '--seed <SEED>'

        Usage: sim conv --rows <ROWS> --cols <COLS> --width <W> --glb-kb <KiB> --ifmap <X.npy> --filter <W.npy>

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn a_file_that_is_missing_or_broken() {
    refused(
        &layer(),
        "--ifmap none.npy --filter w.npy",
        expect![[r#"
        error: `none.npy` cannot be read: No such file or directory (os error 2)
    "#]],
    );
    refused(
        &layer(),
        "--ifmap . --filter w.npy",
        expect![[r#"
        error: `.` cannot be read: Is a directory (os error 21)
    "#]],
    );
    let folder = layer();
    let whole = std::fs::read(folder.path("x.npy")).unwrap();
    folder.write("cut.npy", &whole[..whole.len() - 1]);
    folder.write("text.npy", "1 2 3\n");
    folder.write("empty.npy", "");
    refused(
        &folder,
        "--ifmap cut.npy --filter w.npy",
        expect![[r#"
        error: `cut.npy` is not a whole `.npy` file: a '|i1' array of shape [1, 4, 5, 6] is 120 bytes, the file holds 119; write it with `numpy.save`
    "#]],
    );
    refused(
        &folder,
        "--ifmap text.npy --filter w.npy",
        expect![[r#"
        error: `text.npy` is not a whole `.npy` file: error parsing header: start does not match magic string; write it with `numpy.save`
    "#]],
    );
    refused(
        &folder,
        "--ifmap empty.npy --filter w.npy",
        expect![[r#"
        error: `empty.npy` is not a whole `.npy` file: it ends inside its header; write it with `numpy.save`
    "#]],
    );
}

#[test]
fn a_type_that_is_no_integer() {
    let folder = layer();
    zeros::<f32, _>(&folder, "float.npy", (1, 4, 5, 6));
    zeros::<bool, _>(&folder, "bool.npy", (2, 4, 3, 3));
    refused(
        &folder,
        "--ifmap float.npy --filter w.npy",
        expect![[r#"
        error: `float.npy` has dtype '<f4'; expected a NumPy integer type, int8 to int64 or uint8 to uint64: convert with `array.astype(numpy.int64)`
    "#]],
    );
    refused(
        &folder,
        "--ifmap x.npy --filter bool.npy",
        expect![[r#"
        error: `bool.npy` has dtype '|b1'; expected a NumPy integer type, int8 to int64 or uint8 to uint64: convert with `array.astype(numpy.int64)`
    "#]],
    );
}

#[test]
fn a_rank_or_a_shape_that_does_not_fit() {
    let folder = layer();
    zeros::<i8, _>(&folder, "3d.npy", (4, 5, 6));
    zeros::<i8, _>(&folder, "none.npy", (1, 0, 5, 6));
    zeros::<i8, _>(&folder, "3c.npy", (2, 3, 3, 3));
    zeros::<i8, _>(&folder, "2c.npy", (2, 2, 3, 3));
    zeros::<i8, _>(&folder, "tall.npy", (2, 4, 9, 3));
    zeros::<i8, _>(&folder, "b3.npy", 3);
    refused(
        &folder,
        "--ifmap 3d.npy --filter w.npy",
        expect![[r#"
        error: `3d.npy` has shape 4×5×6; expected 4 dimensions, N×C×H×W, for the ifmap
    "#]],
    );
    refused(
        &folder,
        "--ifmap none.npy --filter w.npy",
        expect![[r#"
        error: `none.npy` has shape 1×0×5×6; no dimension of the ifmap may be 0
    "#]],
    );
    refused(
        &folder,
        "--ifmap x.npy --filter 3c.npy",
        expect![[r#"
        error: `3c.npy` has shape 2×3×3×3; expected 2×4×3×3 for the 4 channels of `x.npy` in `groups` = 1
    "#]],
    );
    refused(
        &folder,
        "--ifmap x.npy --filter 2c.npy",
        expect![[r#"
        error: `2c.npy` has shape 2×2×3×3; expected 2×4×3×3 for the 4 channels of `x.npy` in `groups` = 1, or `groups` = 2
    "#]],
    );
    refused(
        &folder,
        "--ifmap x.npy --filter tall.npy",
        expect![[r#"
        error: `x.npy` (ifmap 1×4×5×6) and `tall.npy` (filter 2×4×9×3) do not make a layer:
        `r` is 9, more than the padded ifmap's height of 5 (`h` 5 + 2 × `pad_h` 0); a filter must fit, so raise `pad_h` to 2 or more
    "#]],
    );
    refused(
        &folder,
        "--ifmap x.npy --filter w.npy --bias b3.npy",
        expect![[r#"
        error: `b3.npy` has shape 3; expected 2 (one value for each of the M filters)
    "#]],
    );
    refused(
        &folder,
        "--ifmap x.npy --filter w.npy --bias w.npy",
        expect![[r#"
        error: `w.npy` has shape 2×4×3×3; expected 1 dimension, M, for the bias
    "#]],
    );
    refused(
        &folder,
        "--ifmap x.npy --filter w.npy --stride-w 0",
        expect![[r#"
        error: `x.npy` (ifmap 1×4×5×6) and `w.npy` (filter 2×4×3×3) do not make a layer:
        `stride_w` is 0; every dimension, stride and group count is at least 1
    "#]],
    );
    refused(
        &folder,
        "--ifmap x.npy --filter w.npy --groups 3",
        expect![[r#"
        error: `x.npy` (ifmap 1×4×5×6) and `w.npy` (filter 2×4×3×3) do not make a layer:
        `c` is 4, which `groups` = 3 does not divide; every group has the same number of channels and of filters
        `m` is 2, which `groups` = 3 does not divide; every group has the same number of channels and of filters
    "#]],
    );
}

#[test]
fn a_value_over_the_width() {
    let folder = layer();
    let mut ifmap = Array::<i16, _>::zeros((1, 4, 5, 6));
    ifmap[[0, 1, 2, 3]] = 128;
    save(&folder, "wide.npy", &ifmap);
    save(&folder, "bias.npy", &Array::from_vec(vec![0_i64, -40_000]));
    refused(
        &folder,
        "--ifmap wide.npy --filter w.npy",
        expect![[r#"
        error: `wide.npy`: value 128 at [0, 1, 2, 3] is outside the range -128 to 127 of `width` = 8; rescale the data, or choose a `width` of 9 or more
    "#]],
    );
    refused(
        &folder,
        "--ifmap x.npy --filter w.npy --bias bias.npy",
        expect![[r#"
        error: `bias.npy`: value -40000 at [1] is outside the range -32768 to 32767 of `psum_width` = 16; rescale the data, or choose a `psum_width` of 17 or more
    "#]],
    );
}
