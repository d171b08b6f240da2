//! `sim image` as a user runs it. That its memory runs and gives its ofmap is in `tests/tests/foreign_bus.rs`.

use crate::command::names;
use crate::{sim, LAYER, SMALL};
use expect_test::expect;
use serde_json::Value;

#[test]
fn an_image_is_a_folder_that_is_replaced_whole() {
    let folder = sim();
    let printed = folder.succeeds(&format!("image {SMALL} {LAYER} --base 0x80000000 --out layer"));
    // Its length is that of the program, which is the search's affair.
    let bytes = folder.path("layer/memory.bin").metadata().unwrap().len();
    expect![[r#"
        layer: 1×2×5×6 * 2×2×3×3, stride 1×1, pad 0×0, groups 1
          memory    layer/memory.bin, … bytes for address 0x80000000
          addresses layer/image.json
          result    layer/ofmap.npy
    "#]]
    .assert_eq(&printed.replace(&format!("{bytes} bytes"), "… bytes"));
    let files = ["bias.npy", "filter.npy", "ifmap.npy", "image.json", "memory.bin", "ofmap.npy"];
    assert_eq!(names(&folder.path("layer")), files);
    let found: Value = serde_json::from_str(&folder.read("layer/image.json")).unwrap();
    assert_eq!(found["memory"]["address"], 0x8000_0000u64);
    assert_eq!(found["memory"]["bytes"], bytes);
    assert_eq!(found["design"], SMALL);

    folder.write("layer/left_over", "");
    folder.succeeds(&format!("image {SMALL} {LAYER} --shift 3 --out layer"));
    assert_eq!(names(&folder.path("layer")), files);
    let found: Value = serde_json::from_str(&folder.read("layer/image.json")).unwrap();
    assert_eq!(found["ofmap"]["element_bytes"], 1);
}

#[test]
fn what_is_no_image_is_refused() {
    let folder = sim();
    folder.write("thesis/main.tex", "");
    folder.refuses(
        &format!("image {SMALL} {LAYER} --out thesis"),
        expect![[r#"
        error: `thesis` holds files, and no `image.json` of this program's; it is not replaced: choose another `--out`, or remove it
    "#]],
    );
    folder.refuses(
        &format!("image {SMALL} {LAYER} --base 0x1010 --out layer"),
        expect![[r#"
        error: invalid value '0x1010' for '--base <ADDRESS>': write a multiple of 64 up to 0x100000000000000, as in 0x80000000 or 4096

        For more information, try '--help'.
    "#]],
    );
    folder.refuses(
        &format!("image {SMALL} --out layer"),
        expect![[r#"
        error: no layer; give --layer NETWORK/LAYER, or --m --c --h --w --r --s, or --ifmap and --filter
    "#]],
    );
}
