use super::*;
use expect_test::{expect, Expect};
use std::io::Write;

#[track_caller]
fn check<T: std::fmt::Debug>(result: Result<T, NetworkError>, expect: Expect) {
    expect.assert_eq(&result.unwrap_err().to_string());
}

fn parse(text: &str) -> Result<Network, NetworkError> {
    Network::parse("mine.toml", text)
}

#[test]
fn built_in_networks_have_the_published_macs() {
    let mut table = String::new();
    for name in Network::built_in() {
        let network = Network::find(name).unwrap();
        assert_eq!(network.name, name);
        let chained = network.layers.iter().filter(|layer| layer.chained).count();
        table += &format!("{name}: {} layers, {chained} chained, {} MACs\n", network.layers.len(), network.macs());
    }
    expect![[r#"
        alexnet: 8 layers, 4 chained, 724406816 MACs
        googlenet: 58 layers, 19 chained, 1582671872 MACs
        mobilenet_v1: 28 layers, 26 chained, 568740352 MACs
        resnet18: 21 layers, 8 chained, 1814073344 MACs
        resnet50: 54 layers, 32 chained, 4089184256 MACs
        squeezenet1_1: 26 layers, 8 chained, 349151936 MACs
        tiny3: 3 layers, 2 chained, 30780 MACs
        vgg16: 13 layers, 8 chained, 15346630656 MACs
    "#]]
    .assert_eq(&table);
}

#[test]
fn alexnet_conv_layers_have_the_macs_of_jssc_2017_table_v() {
    let network = Network::find("alexnet").unwrap().with_batch(4);
    for (layer, mmac) in network.layers.iter().zip([421.6, 895.7, 598.1, 448.6, 299.0]) {
        let have = layer.shape.macs() as f64 / 1e6;
        assert!((have - mmac).abs() < 0.1, "{}: {have} and {mmac}", layer.name);
    }
}

#[test]
fn vgg16_conv_layers_have_the_macs_of_jssc_2017_table_vi() {
    let network = Network::find("vgg16").unwrap().with_batch(3);
    let gmacs: Vec<u64> = network.layers.iter().map(|layer| (layer.shape.macs() + 5_000_000) / 10_000_000).collect();
    assert_eq!(gmacs, [26, 555, 277, 555, 277, 555, 555, 277, 555, 555, 139, 139, 139]);
}

#[test]
fn a_layer_is_found_in_a_built_in_network_and_in_a_file() {
    let layer = find_layer("alexnet/conv3").unwrap();
    assert_eq!((layer.shape.m, layer.shape.c, layer.shape.e()), (384, 256, 13));

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    let text = "name = 'mine'\n[[layers]]\nname = 'a'\nshape = { m = 2, c = 3, h = 4, w = 5, r = 1, s = 1 }";
    std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
    assert_eq!(find_layer(&format!("{}/a", path.display())).unwrap().shape.w, 5);
}

#[test]
fn what_does_not_exist_is_answered_with_what_does() {
    check(find_layer("alexnet/conv33"), expect!["network `alexnet` has no layer `conv33` (did you mean `conv3`?); it has conv1, conv2, conv3, conv4, conv5, fc6, fc7, fc8"]);
    check(find_layer("alexnot/conv3"), expect!["there is no network `alexnot` (did you mean `alexnet`?); there are alexnet, googlenet, mobilenet_v1, resnet18, resnet50, squeezenet1_1, tiny3, vgg16 and any `FILE.toml`"]);
    check(find_layer("Resnet-18/conv1"), expect!["there is no network `Resnet-18` (did you mean `resnet18`?); there are alexnet, googlenet, mobilenet_v1, resnet18, resnet50, squeezenet1_1, tiny3, vgg16 and any `FILE.toml`"]);
    check(Network::find("yolo"), expect!["there is no network `yolo`; there are alexnet, googlenet, mobilenet_v1, resnet18, resnet50, squeezenet1_1, tiny3, vgg16 and any `FILE.toml`"]);
    check(find_layer("alexnet"), expect!["`alexnet` names no layer; write NETWORK/LAYER, as in `alexnet/conv3`"]);
    check(
        find_layer("/nowhere/mine.toml"),
        expect!["`/nowhere/mine.toml` names no layer; write NETWORK/LAYER, as in `alexnet/conv3`"],
    );
    check(
        Network::find("/nowhere/mine.toml"),
        expect!["`/nowhere/mine.toml` cannot be read: No such file or directory (os error 2)"],
    );
}

#[test]
fn a_selected_layer_whose_predecessor_is_left_out_is_not_chained() {
    let network = Network::find("alexnet").unwrap();
    let some = network.select(&["conv5", "conv3", "conv4", "fc8"]).unwrap();
    let layers: Vec<_> = some.layers.iter().map(|layer| (layer.name.as_str(), layer.chained)).collect();
    assert_eq!(layers, [("conv3", false), ("conv4", true), ("conv5", true), ("fc8", false)]);
    check(network.select(&["conv1", "cnov2"]), expect!["network `alexnet` has no layer `cnov2` (did you mean `conv2`?); it has conv1, conv2, conv3, conv4, conv5, fc6, fc7, fc8"]);
}

#[test]
fn a_batch_that_is_too_large_is_named_with_its_layer() {
    let network = Network::find("tiny3").unwrap().with_batch(5_000_000);
    expect![[r#"
        layer `conv3x3`: `n` is 5000000; the largest allowed is 1048576
        layer `conv5x5`: `n` is 5000000; the largest allowed is 1048576
        layer `conv1x1`: `n` is 5000000; the largest allowed is 1048576"#]]
    .assert_eq(&network.check().unwrap_err().to_string());
}

#[test]
fn every_problem_of_a_file_is_named() {
    let text = r#"
        name = "mine"
        [[layers]]
        name = "a/b"
        chained = true
        shape = { m = 4, c = 3, h = 8, w = 8, r = 3, s = 3, groups = 2 }
        [[layers]]
        name = "c"
        chained = true
        shape = { m = 4, c = 4, h = 8, w = 8, r = 3, s = 9 }
        [[layers]]
        name = "c"
        shape = { m = 4, c = 4, h = 8, w = 8, r = 1, s = 1 }
    "#;
    check(
        parse(text),
        expect![[r#"
            `mine.toml`:
            layer 0 has the `name` "a/b"; a name has at least one character, and no `/` or `,`
            layer `a/b`: `c` is 3, which `groups` = 2 does not divide; every group has the same number of channels and of filters
            layer `a/b` is `chained`, but no layer is before it
            layer `c`: `s` is 9, more than the padded ifmap's width of 8 (`w` 8 + 2 × `pad_w` 0); a filter must fit, so raise `pad_w` to 1 or more
            layer `c` is `chained`, but its ifmap is 1×4×8×8 and the ofmap of `a/b` 1×4×6×6; they must be equal, or `chained` false
            layer `c` is there twice; names must differ"#]],
    );
    check(
        parse("name = 'mine'\nlayers = []"),
        expect![[r#"
        `mine.toml`:
        `layers` is empty; a network has at least one layer"#]],
    );
}

#[test]
fn a_file_that_is_no_network_is_shown_where() {
    check(
        parse("name = 'mine'\n[[layers]]\nname = 'a'\nshape = { m = -1 }"),
        expect![[r#"
        `mine.toml` is not a network: TOML parse error at line 4, column 15
          |
        4 | shape = { m = -1 }
          |               ^^
        invalid value: integer `-1`, expected usize"#]],
    );
    check(
        parse("name = 'mine'\n[[layer]]\nname = 'a'"),
        expect![[r#"
        `mine.toml` is not a network: TOML parse error at line 2, column 3
          |
        2 | [[layer]]
          |   ^^^^^
        unknown field `layer`, expected `name` or `layers`"#]],
    );
    check(
        parse("name = "),
        expect![[r#"
        `mine.toml` is not a network: TOML parse error at line 1, column 8
          |
        1 | name = 
          |        ^
        string values must be quoted, expected literal string"#]],
    );
}
