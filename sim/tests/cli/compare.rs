//! `sim compare`.

use crate::command::examples;
use crate::sim;
use expect_test::expect;
use serde_json::Value;

#[test]
fn dataflows_side_by_side_and_files_are_written() {
    let folder = sim();
    let text = folder.succeeds(
        "compare alexnet --pes 256 --batch 16 --layers conv1,conv2,conv3,conv4,conv5 --svg one.svg --json one.json",
    );
    expect![[r#"
        alexnet on 256 PEs, N = 16, storage of the same area (a byte of a 512 B register file is 1.6 of the buffer)
        CONV layers: energy of a MAC, in MACs (ISCA 2016), by level and by what is moved
        ────────────────────────────────────────────────────────────────────────────────────────────
         dataflow   RF B  buffer KB    ALU     RF  array    GLB   DRAM  ifmap  filter   psum     all
        ════════════════════════════════════════════════════════════════════════════════════════════
         RS          512        128  1.000  3.788  0.277  0.161  0.710  1.379   1.263  2.295   5.937
         WS            2        332  1.000  1.000  3.669  1.979  3.936  5.697   1.044  3.842  11.583
         OS_A         34        316  1.000  1.998  4.000  0.773  0.650  3.152   2.075  2.193   8.421
         OS_B         34        316  1.000  1.998  4.000  0.477  1.095  3.055   2.322  2.193   8.570
         OS_C          2        332  1.000  1.998  4.000  0.855  2.674  4.704   2.629  2.193  10.527
         NLR           0        333  1.000  0.000  3.787  7.599  0.516  2.526   6.131  3.246  12.903
        ────────────────────────────────────────────────────────────────────────────────────────────
        Beside RS
        ─────────────────────────────────────────────────────────────
         dataflow   energy  paper  ratio  DRAM a MAC  DRAM  PEs   EDP
        ═════════════════════════════════════════════════════════════
         RS           1.00   1.00   1.00     0.00355  1.00  185  1.00
         WS           1.95   1.91   1.02     0.01968  5.54  248  1.46
         OS_A         1.42   1.41   1.00     0.00325  0.91  195  1.35
         OS_B         1.44   1.45   1.00     0.00547  1.54  243  1.10
         OS_C         1.77   1.74   1.02     0.01337  3.76  256  1.28
         NLR          2.17   2.15   1.01     0.00258  0.73  226  1.78
        ─────────────────────────────────────────────────────────────
        Energy of a MAC by layer
        ────────────────────────────────────────────────────────────────
         layer     RS     WS  OS_A  OS_B   OS_C    NLR  paper, RS  ratio
        ════════════════════════════════════════════════════════════════
         conv1   6.14  21.51  8.94  8.84  10.38  15.28       6.43   0.95
         conv2   5.76   9.25  7.81  7.92   9.68  12.29       5.81   0.99
         conv3   5.94   9.98  8.78  8.95  11.22  12.53       5.99   0.99
         conv4   6.03  10.01  8.57  8.89  11.06  12.61       6.09   0.99
         conv5   6.03  10.16  8.57  8.89  11.06  12.56       6.10   0.99
        ────────────────────────────────────────────────────────────────
        Energy of a MAC by level beside ISCA 2016, figure 12
        ───────────────────────────────────────────────────────────────
         dataflow     RF  paper  array  paper   GLB  paper  DRAM  paper
        ═══════════════════════════════════════════════════════════════
         RS         3.79   3.90   0.28   0.19  0.16   0.10  0.71   0.83
         WS         1.00   1.00   3.67   3.67  1.98   1.97  3.94   3.93
         OS_A       2.00   1.99   4.00   3.99  0.77   0.79  0.65   0.74
         OS_B       2.00   1.99   4.00   3.99  0.48   0.46  1.09   1.26
         OS_C       2.00   1.99   4.00   3.99  0.86   0.85  2.67   2.67
         NLR        0.00   0.00   3.79   3.79  7.60   7.58  0.52   0.62
        ───────────────────────────────────────────────────────────────
        The others need 1.4 to 2.2 times the energy of RS on CONV layers

        DRAM accesses of an image: 2663.1 M without reuse, 1.7 M by NLR

        What is kept where
          RS    row stationary: filter rows, an ifmap window and psums in each PE; ifmap rows go along diagonals, filter rows along rows, psums up columns of a set that makes a whole ofmap plane where the array has the PEs; the buffer holds what passes share
          WS    weight stationary: a weight in each PE for the whole batch; ifmaps pass from DRAM to the filters on the array; psums add up along a filter row, and wait in the buffer, N·E·F of each filter on the array
          OS_A  output stationary, SOC-MOP: the psums of a rectangle of one ofmap plane, one in each PE; ifmap pixels pass between neighbours, weights are broadcast; the buffer holds filters, and the ifmap region of the rectangle
          OS_B  output stationary, MOC-MOP: the psums of a piece of an ofmap row in several channels, one in each PE; ifmap pixels pass along the row and to all channels, weights go to all pixels; the buffer holds filters, and the ifmap region of the piece
          OS_C  output stationary, MOC-SOP: the psums of one position in several channels and images, one in each PE; ifmap pixels go to all channels, weights to all images; the buffer holds filters, and the window of the position
          NLR   no local reuse: nothing in PEs; ifmap pixels go to the filters on the array, psums add up over the channels on it, a weight comes from the buffer for each MAC; the buffer holds tiles of all three
    "#]].assert_eq(&text);
    let one: Value = serde_json::from_str(&folder.read("one.json")).unwrap();
    let dataflows = one[0]["kinds"][0]["dataflows"].as_array().unwrap().clone();
    assert_eq!(dataflows.len(), 6);
    assert_eq!(dataflows[0]["layers"][2]["mapping"]["e"], 13);
    let svg = folder.read("one.svg");
    assert!(["RS CONV", "NLR CONV", "DRAM", "filter"].iter().all(|text| svg.contains(text)));
}

#[test]
fn several_chips_and_batches_are_put_together() {
    let folder = sim();
    let text = folder.succeeds("compare tiny3 --pes 16,32 --batch 1,2 --objective edp --rf-area 2 --svg all.svg");
    assert_eq!(text.matches("tiny3 on ").count(), 4, "{text}");
    assert!(text.contains("CONV layers: energy to that of RS on 16 PEs, N = 1"), "{text}");
    assert!(folder.read("all.svg").contains("32/2"));
    // The paper's figures are of all CONV layers.
    let part = folder.succeeds("compare alexnet --pes 256 --batch 16 --layers conv3,conv5");
    assert!(!part.contains("figure 12") && part.contains("5.99"), "{part}");
}

/// The layer that is measured as a user sees it.
const MEASURED: &str = "compare tiny3 --measured --rows 2 --cols 2 --width 8 --glb-kb 8";

#[test]
fn counters_show_what_the_model_does() {
    let folder = sim();
    let text = folder.succeeds(&format!("{MEASURED} --dataflows rs,ws,nlr --layers conv1x1"));
    expect![[r#"
        tiny3, N = 1, on accelerators of each dataflow in builtin, each layer mapped for energy
        ───────────────────────────────────────────────────────────────────────────────────────────────────────
         dataflow                    design  PEs  RF B  accumulator B  buffer KB  logic  memories  kNAND2  area
        ═══════════════════════════════════════════════════════════════════════════════════════════════════════
         RS          rs_2x2_w8_glb8_ungated    4   284              0          8    122        64     186  1.00
         WS          ws_2x2_w8_glb8_ungated    4     2            512          8    102        72     174  0.94
         NLR        nlr_2x2_w8_glb8_ungated    4     0            512          8    102        73     175  0.94
        ───────────────────────────────────────────────────────────────────────────────────────────────────────
        CONV layers, from the hardware's counters: energy of a MAC, in MACs (ISCA 2016)
        ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
         layer     dataflow    ALU     RF  array     GLB     DRAM   ifmap  filter    psum  commands      all  to RS  DRAM a MAC  cycles  EDP to RS
        ══════════════════════════════════════════════════════════════════════════════════════════════════════════════════════════════════════════
         conv1x1         RS  1.000  5.333  0.800   5.627  422.667  61.267  16.049  40.667   316.444  435.427   1.00     2.11333     675       1.00
                         WS  1.200  1.200  4.880  22.880  328.444  54.000  17.760  54.533   231.111  358.604   0.82     1.64222     582       0.71
                        NLR  1.200  0.000  4.880  30.080  328.444  54.000  23.760  54.533   231.111  364.604   0.84     1.64222     581       0.72
        ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        CONV layers, by the mapper's model, before the runs: energy of a MAC, in MACs (ISCA 2016)
        ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
         layer     dataflow    ALU     RF  array     GLB     DRAM   ifmap  filter    psum  commands      all  to RS  DRAM a MAC  cycles  EDP to RS
        ══════════════════════════════════════════════════════════════════════════════════════════════════════════════════════════════════════════
         conv1x1         RS  1.000  5.333  0.800   5.627  422.667  61.267  16.049  40.667   316.444  435.427   1.00     2.11333     675       1.00
                         WS  1.200  1.200  4.880  22.880  328.444  54.000  17.760  54.533   231.111  358.604   0.82     1.64222     582       0.71
                        NLR  1.200  0.000  4.880  30.080  328.444  54.000  23.760  54.533   231.111  364.604   0.84     1.64222     581       0.72
        ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        All 450 outputs of 3 runs equal golden.
        The tables are equal: in each run 14 counters, 15 figures of accesses and the cycles are the model's.
        The cycles that mappings were chosen by were within 0.00 %.
    "#]].assert_eq(&text);
}

/// The example of `--help`, on an accelerator of each dataflow that there is.
#[test]
fn every_dataflow_is_measured_in_verilator() {
    let folder = sim();
    let help = folder.succeeds("compare --help");
    let example = examples(&help).into_iter().find(|example| example.contains("--measured")).unwrap();
    folder.succeeds(example.strip_prefix("sim ").unwrap());
    let measured: Value = serde_json::from_str(&folder.read("measured.json")).unwrap();
    let designs = measured[0]["designs"].as_array().unwrap();
    assert!(
        designs.len() >= 3 && designs.iter().all(|built| built["area"]["logic"].as_f64() > Some(0.0)),
        "{measured}"
    );
    let dataflows = measured[0]["kinds"][0]["dataflows"].as_array().unwrap();
    assert_eq!(dataflows.len(), designs.len());
    for layer in dataflows.iter().flat_map(|of| of["layers"].as_array().unwrap()) {
        let of = |what: &str| (&layer[what]["measured"], &layer[what]["predicted"]);
        let (measured, predicted) = of("accesses");
        assert_eq!(measured, predicted);
        assert_eq!((of("figures").0, of("cycles").0), (of("figures").1, of("cycles").1));
        assert!(
            measured["dram"]["filter"].as_u64() > Some(0) && layer["differences"] == Value::Array(vec![]),
            "{layer}"
        );
    }
    let svg = folder.read("measured.svg");
    assert!(["RS CONV", "NLR CONV", "DRAM", "commands"].iter().all(|text| svg.contains(text)));
}

#[test]
fn several_sizes_and_batches_are_measured() {
    let folder = sim();
    let text = folder.succeeds(
        "compare tiny3 --measured --dataflows ws,nlr --pes 2,4 --batch 1,2 --width 8 --glb-kb 8 --layers conv1x1 --svg all.svg --seed 4",
    );
    assert_eq!(text.matches("The tables are equal").count(), 4, "{text}");
    assert!(folder.read("all.svg").contains("MACs of energy for a MAC"));
}

#[test]
fn convolution_engines_are_measured_beside_a_systolic_array() {
    let folder = sim();
    let sizes = "--cols 2 --width 8 --glb-kb 32 --layers conv5x5";
    let text = folder.succeeds(&format!("compare tiny3 --measured --dataflows ws,conv2d --rows 9 {sizes}"));
    assert!(text.contains("WS CONV2D   ws_conv2d_9x2_w8_glb32_ungated"), "{text}");
    assert_eq!(text.matches("The tables are equal").count(), 1, "{text}");
    folder.refuses(
        &format!("compare tiny3 --measured --dataflows ws,conv2d --rows 8 {sizes}"),
        expect![[r#"
        error: dataflow `conv2d`: `rows` is 8; convolution engines of 3 × 3 weights need 9 rows each; build with `--rows 9`, or another `--kernel`
    "#]],
    );
}

/// Filters whose rows are cut: 18 rows of 3 words, of a stride over which words are not passed on, and rows of 20 words, of which 19 would be.
#[test]
fn filters_of_more_rows_than_a_pass_has_are_measured_output_and_input_stationary() {
    let folder = sim();
    folder.write(
        "tall.toml",
        r#"
        name = "tall"
        [[layers]]
        name = "strided"
        shape = { m = 2, c = 2, h = 46, w = 8, r = 18, s = 3, stride_h = 14, stride_w = 2, pad_h = 2, pad_w = 1 }
        [[layers]]
        name = "wide"
        shape = { m = 2, c = 2, h = 5, w = 20, r = 2, s = 20, stride_w = 1, pad_h = 1, pad_w = 3 }
        "#,
    );
    let text = folder.succeeds(
        "compare tall.toml --measured --dataflows os,mop-sop,sop-mop,is --rows 1 --cols 3 --width 8 --glb-kb 8",
    );
    assert!(text.contains("of 8 runs equal golden.\nThe tables are equal"), "{text}");
}

#[test]
fn what_cannot_be_measured() {
    let folder = sim();
    folder.refuses(
        "compare tiny3 --rows 4 --dram-latency 5",
        expect![[r#"
        error: the following required arguments were not provided:
          --measured

        Usage: sim compare --measured --rows <ROWS> --dram-latency <CYCLES> <NETWORK>

        For more information, try '--help'.
    "#]],
    );
    folder.refuses(
        "compare tiny3 --engine verilator",
        expect![[r#"
        error: the following required arguments were not provided:
          --measured

        Usage: sim compare --measured --engine <ENGINE> <NETWORK>

        For more information, try '--help'.
    "#]],
    );
    folder.refuses(
        "compare tiny3 --measured --rf-area 2",
        expect![[r#"
        error: the argument '--measured' cannot be used with '--rf-area <RATIO>'

        Usage: sim compare --measured <NETWORK>

        For more information, try '--help'.
    "#]],
    );
    folder.refuses(
        "compare tiny3 --measured --engine golden",
        expect![[r#"
        error: `--engine golden` has no counters; choose builtin, verilator or icarus
    "#]],
    );
    folder.refuses("compare tiny3 --measured --rows 4 --cols 4 --glb-kb 4", expect![[r#"
        error: dataflow `ws`: `glb_kb` is 4; each of the 4 rows reads a bank of its own, and psums need one more, but this is 2 banks; raise it to 22 or build fewer rows
    "#]]);
    folder.refuses(
        "compare tiny3 --measured --rows 4 --cols 4 --pes 16,12",
        expect![[r#"
        error: dataflow `rs`: `--pes` is 12, which is not 4 rows × 4 columns; leave one of the three out
    "#]],
    );
    folder.refuses(
        "compare tiny3 --measured --config missing.toml",
        expect![[r#"
        error: dataflow `rs`: cannot read config `missing.toml`: No such file or directory (os error 2)
    "#]],
    );
    folder.refuses("compare tiny3 --measured --link-ratio 60/200", expect![[r#"
        error: `--link-ratio` is 60/200, but the link runs with the accelerator's clock; add `--link-clock async`, or leave `--link-ratio` out
    "#]]);
    folder.refuses(
        "compare tiny3 --measured --rows 2 --cols 2 --glb-kb 8 --width 8 --json missing/m.json",
        expect![[r#"
            error: `missing/m.json` cannot be written: No such file or directory (os error 2)
        "#]],
    );
    let folder = sim().with_path("");
    folder.run("compare tiny3 --measured --rows 2 --cols 2 --width 8 --glb-kb 8 --engine icarus").is(
        3,
        expect![[r#"
        error: `iverilog` is not installed; run `scripts/setup`
    "#]],
    );
}

#[test]
fn what_cannot_be_compared() {
    let folder = sim();
    folder.refuses("compare alexnett", expect![[r#"
        error: there is no network `alexnett` (did you mean `alexnet`?); there are alexnet, googlenet, mobilenet_v1, resnet18, resnet50, squeezenet1_1, tiny3, vgg16 and any `FILE.toml`
    "#]]);
    folder.refuses(
        "compare alexnet --pes 256,0",
        expect![[r#"
        error: invalid value '0' for '--pes <N,N>': write a number from 1 to 65536

        For more information, try '--help'.
    "#]],
    );
    folder.refuses(
        "compare alexnet --pes 65537",
        expect![[r#"
        error: invalid value '65537' for '--pes <N,N>': write a number from 1 to 65536

        For more information, try '--help'.
    "#]],
    );
    folder.refuses(
        "compare alexnet --layers conv1 --batch 0",
        expect![[r#"
        error: layer `conv1`: `n` is 0; every dimension, stride and group count is at least 1
    "#]],
    );
    folder.refuses(
        "compare alexnet --rf-area 0.5",
        expect![[r#"
        error: invalid value '0.5' for '--rf-area <RATIO>': write a number from 1 to 100

        For more information, try '--help'.
    "#]],
    );
    folder.refuses("compare alexnet --layers conv6", expect![[r#"
        error: network `alexnet` has no layer `conv6` (did you mean `conv5`?); it has conv1, conv2, conv3, conv4, conv5, fc6, fc7, fc8
    "#]]);
    folder.refuses(
        "compare alexnet --layers conv1 --svg missing/compare.svg",
        expect![[r#"
        error: `missing/compare.svg` cannot be written: No such file or directory (os error 2)
    "#]],
    );
}
