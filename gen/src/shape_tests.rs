use super::*;
use expect_test::{expect, Expect};

fn alexnet_conv2() -> ConvShape {
    ConvShape { n: 4, m: 256, c: 96, h: 27, w: 27, r: 5, s: 5, pad_h: 2, pad_w: 2, groups: 2, ..Default::default() }
}

#[track_caller]
fn check(shape: ConvShape, expect: Expect) {
    let message = match shape.check() {
        Ok(()) => "ok".to_string(),
        Err(problems) => problems.to_string(),
    };
    expect.assert_eq(&message);
}

#[test]
fn derived_sizes_are_those_of_jssc_2017_tables() {
    let shape = alexnet_conv2();
    check(shape, expect!["ok"]);
    assert_eq!((shape.e(), shape.f(), shape.padded_h()), (27, 27, 31));
    assert_eq!(shape.filter_dims(), [256, 48, 5, 5]);
    assert_eq!(shape.ofmap_dims(), [4, 256, 27, 27]);
    assert_eq!(shape.macs(), 895_795_200); // Table V: 895.7 M at N = 4
    expect!["4×96×27×27 * 256×48×5×5, stride 1×1, pad 2×2, groups 2"].assert_eq(&shape.to_string());
}

#[test]
fn strides_round_down_and_axes_are_independent() {
    let shape =
        ConvShape { h: 12, w: 7, r: 5, s: 2, stride_h: 2, stride_w: 3, pad_h: 2, pad_w: 0, ..Default::default() };
    assert_eq!((shape.e(), shape.f()), (6, 2));
}

#[test]
fn every_zero_is_named_at_once() {
    let zero: ConvShape =
        serde_json::from_str(r#"{"n":0,"m":0,"c":0,"h":0,"w":0,"r":0,"s":0,"stride_h":0,"stride_w":0,"groups":0}"#)
            .unwrap();
    check(
        zero,
        expect![[r#"
            `n` is 0; every dimension, stride and group count is at least 1
            `m` is 0; every dimension, stride and group count is at least 1
            `c` is 0; every dimension, stride and group count is at least 1
            `h` is 0; every dimension, stride and group count is at least 1
            `w` is 0; every dimension, stride and group count is at least 1
            `r` is 0; every dimension, stride and group count is at least 1
            `s` is 0; every dimension, stride and group count is at least 1
            `stride_h` is 0; every dimension, stride and group count is at least 1
            `stride_w` is 0; every dimension, stride and group count is at least 1
            `groups` is 0; every dimension, stride and group count is at least 1"#]],
    );
    assert_eq!((zero.e(), zero.f(), zero.macs()), (0, 0, 0));
}

#[test]
fn groups_that_divide_neither_are_named_with_a_filter_that_does_not_fit() {
    let shape = ConvShape { groups: 5, r: 40, s: 34, ..alexnet_conv2() };
    check(
        shape,
        expect![[r#"
            `c` is 96, which `groups` = 5 does not divide; every group has the same number of channels and of filters
            `m` is 256, which `groups` = 5 does not divide; every group has the same number of channels and of filters
            `r` is 40, more than the padded ifmap's height of 31 (`h` 27 + 2 × `pad_h` 2); a filter must fit, so raise `pad_h` to 7 or more
            `s` is 34, more than the padded ifmap's width of 31 (`w` 27 + 2 × `pad_w` 2); a filter must fit, so raise `pad_w` to 4 or more"#]],
    );
}

#[test]
fn absurd_values_do_not_overflow() {
    let shape = ConvShape { n: usize::MAX, pad_h: usize::MAX, ..Default::default() };
    shape.macs();
    check(
        shape,
        expect![[r#"
        `n` is 18446744073709551615; the largest allowed is 1048576
        `pad_h` is 18446744073709551615; the largest allowed is 1048576"#]],
    );
}

#[test]
fn tensors_over_the_limit_are_named() {
    let shape = ConvShape { n: 1 << 20, c: 1 << 10, h: 4, w: 4, ..Default::default() };
    check(shape, expect!["the padded ifmap of 1048576×1024×4×4 has 17179869184 elements; the largest allowed is 2147483648, so split the layer"]);
}

#[test]
fn a_file_may_leave_out_what_has_a_natural_default_and_nothing_else() {
    let shape: ConvShape = serde_json::from_str(r#"{"m":2,"c":3,"h":4,"w":5,"r":1,"s":1}"#).unwrap();
    assert_eq!((shape.n, shape.stride_w, shape.pad_h, shape.groups), (1, 1, 0, 1));
    let error = serde_json::from_str::<ConvShape>(r#"{"m":2,"c":3,"h":4,"w":5,"r":1}"#).unwrap_err();
    expect!["missing field `s` at line 1 column 31"].assert_eq(&error.to_string());
    let error = serde_json::from_str::<ConvShape>(r#"{"stride":2}"#).unwrap_err();
    expect!["unknown field `stride`, expected one of `n`, `m`, `c`, `h`, `w`, `r`, `s`, `stride_h`, `stride_w`, `pad_h`, `pad_w`, `groups` at line 1 column 9"].assert_eq(&error.to_string());
}

#[test]
fn macs_on_the_ifmap_are_those_that_a_walk_over_it_meets() {
    for (h, w, r, s, stride_h, stride_w, pad_h, pad_w) in
        [(5, 7, 3, 3, 1, 1, 1, 1), (6, 4, 2, 4, 2, 3, 3, 2), (3, 3, 1, 1, 2, 2, 2, 2), (9, 9, 5, 3, 4, 1, 0, 0)]
    {
        let shape = ConvShape { n: 2, m: 6, c: 4, groups: 2, h, w, r, s, stride_h, stride_w, pad_h, pad_w };
        let inside = |at: usize, pad: usize, length: usize| (pad..pad + length).contains(&at);
        let mut met = 0;
        for (e, f) in (0..shape.e()).flat_map(|e| (0..shape.f()).map(move |f| (e, f))) {
            for (i, j) in (0..r).flat_map(|i| (0..s).map(move |j| (i, j))) {
                met += u64::from(inside(e * stride_h + i, pad_h, h) && inside(f * stride_w + j, pad_w, w));
            }
        }
        assert_eq!(shape.macs_on_ifmap(), 2 * 6 * 2 * met, "{shape}");
    }
}
