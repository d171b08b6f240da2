//! `sim compare`.

use crate::sim;
use expect_test::expect;
use serde_json::Value;

#[test]
fn dataflows_side_by_side_and_files_are_written() {
    let folder = sim();
    let text =
        folder.succeeds("compare alexnet --pes 256 --batch 16 --layers conv3,conv5 --svg one.svg --json one.json");
    expect![[r#"
        alexnet on 256 PEs, N = 16, storage of the same area (a byte of a 512 B register file is 1.6 of the buffer)
        CONV layers: energy of a MAC, in MACs (ISCA 2016), by level and by what is moved
        ────────────────────────────────────────────────────────────────────────────────────────────
         dataflow   RF B  buffer KB    ALU     RF  array    GLB   DRAM  ifmap  filter   psum     all
        ════════════════════════════════════════════════════════════════════════════════════════════
         RS          512        128  1.000  3.667  0.366  0.162  0.779  1.451   1.306  2.216   5.973
         WS            2        332  1.000  1.000  3.667  1.994  2.379  4.209   1.075  3.757  10.041
         OS_A         34        316  1.000  1.999  4.000  0.923  0.787  3.504   2.109  2.095   8.709
         OS_B         34        316  1.000  1.999  4.000  0.559  1.372  3.376   2.459  2.095   8.930
         OS_C          2        332  1.000  1.999  4.000  0.875  3.295  5.375   2.699  2.095  11.169
         NLR           0        333  1.000  0.000  3.875  7.119  0.549  2.606   6.222  2.716  12.544
        ────────────────────────────────────────────────────────────────────────────────────────────
        Beside RS
        ─────────────────────────────────────────────────────────────
         dataflow   energy  paper  ratio  DRAM a MAC  DRAM  PEs   EDP
        ═════════════════════════════════════════════════════════════
         RS           1.00   1.00   1.00     0.00389  1.00  234  1.00
         WS           1.68   1.91   0.88     0.01190  3.06  246  1.60
         OS_A         1.46   1.41   1.03     0.00393  1.01  169  2.02
         OS_B         1.50   1.45   1.03     0.00686  1.76  243  1.44
         OS_C         1.87   1.74   1.07     0.01648  4.23  256  1.71
         NLR          2.10   2.15   0.98     0.00275  0.71  256  1.92
        ─────────────────────────────────────────────────────────────
        Energy of a MAC by layer
        ────────────────────────────────────────────────────────────────
         layer     RS     WS  OS_A  OS_B   OS_C    NLR  paper, RS  ratio
        ════════════════════════════════════════════════════════════════
         conv3   5.94   9.98  8.78  8.95  11.22  12.53       5.99   0.99
         conv5   6.03  10.16  8.57  8.89  11.06  12.56       6.10   0.99
        ────────────────────────────────────────────────────────────────
        Energy of a MAC by level beside ISCA 2016, figure 12
        ───────────────────────────────────────────────────────────────
         dataflow     RF  paper  array  paper   GLB  paper  DRAM  paper
        ═══════════════════════════════════════════════════════════════
         RS         3.67   3.90   0.37   0.19  0.16   0.10  0.78   0.83
         WS         1.00   1.00   3.67   3.67  1.99   1.97  2.38   3.93
         OS_A       2.00   1.99   4.00   3.99  0.92   0.79  0.79   0.74
         OS_B       2.00   1.99   4.00   3.99  0.56   0.46  1.37   1.26
         OS_C       2.00   1.99   4.00   3.99  0.88   0.85  3.30   2.67
         NLR        0.00   0.00   3.88   3.79  7.12   7.58  0.55   0.62
        ───────────────────────────────────────────────────────────────
        The others need 1.5 to 2.1 times the energy of RS on CONV layers

        DRAM accesses of an image: 897.1 M without reuse, 0.6 M by NLR

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
    assert_eq!(dataflows[0]["layers"][0]["mapping"]["e"], 13);
    let svg = folder.read("one.svg");
    assert!(["RS CONV", "NLR CONV", "DRAM", "filter"].iter().all(|text| svg.contains(text)));
}

#[test]
fn several_chips_and_batches_are_put_together() {
    let folder = sim();
    let text = folder.succeeds("compare tiny3 --pes 16,32 --batch 1,2 --objective edp --rf-area 2 --svg all.svg");
    assert_eq!(text.matches("tiny3 on ").count(), 4, "{text}");
    assert!(text.contains("CONV layers: energy to that of RS on 16 PEs, N = 1"), "{text}");
    assert!(folder.read("all.svg").contains("WS 32/2"));
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
