//! Mappings of layers whose accesses are worked out by hand; `sim::compare` holds whole networks against the paper.

use super::*;
use crate::shape::ConvShape;

/// AlexNet's CONV1, CONV2 and CONV3.
fn conv1(n: usize) -> Layer {
    let shape = ConvShape { m: 96, c: 3, h: 227, w: 227, r: 11, s: 11, stride_h: 4, stride_w: 4, ..Default::default() };
    Layer::new(&ConvShape { n, ..shape })
}

fn conv2(n: usize) -> Layer {
    let shape =
        ConvShape { m: 256, c: 96, h: 27, w: 27, r: 5, s: 5, pad_h: 2, pad_w: 2, groups: 2, ..Default::default() };
    Layer::new(&ConvShape { n, ..shape })
}

fn conv3(n: usize) -> Layer {
    let shape = ConvShape { m: 384, c: 256, h: 13, w: 13, r: 3, s: 3, pad_h: 1, pad_w: 1, ..Default::default() };
    Layer::new(&ConvShape { n, ..shape })
}

fn dataflow(id: &str) -> &'static dyn Dataflow {
    *DATAFLOWS.iter().find(|dataflow| dataflow.id() == id).expect("a dataflow of that name")
}

fn best(id: &str, pes: usize, layer: &Layer) -> Option<Mapped> {
    let dataflow = dataflow(id);
    dataflow.best(layer, &Chip::of(dataflow, pes, RF_AREA), Objective::Energy)
}

fn choice(mapped: &Mapped, name: &str) -> usize {
    mapped.choices.iter().find(|(known, _)| *known == name).expect("a choice of that name").1
}

#[track_caller]
fn close(value: f64, expected: f64) {
    assert!((value / expected - 1.0).abs() < 1e-9, "{value} and not {expected}");
}

#[test]
fn what_small_register_files_leave_is_buffer() {
    let chip = |id| Chip::of(dataflow(id), 256, RF_AREA);
    let kilobytes = |chip: Chip| (chip.buffer_words + chip.pes * chip.rf_words) as f64 * 2.0 / 1024.0;
    let (rs, nlr, os_c) = (chip("RS"), chip("NLR"), chip("OS_C"));
    assert_eq!((rs.rf_words, rs.buffer_words), (256, 65_536), "512 B in each PE, and 128 KB");
    assert_eq!((nlr.buffer_words as f64 / rs.buffer_words as f64 * 10.0).round(), 26.0);
    assert_eq!(((kilobytes(os_c) - kilobytes(rs)) / 10.0).round(), 8.0);
    // Area grows with the PEs, and all of it is used.
    let large = Chip::of(dataflow("WS"), 1024, RF_AREA);
    assert_eq!(large.buffer_words, 4 * chip("WS").buffer_words);
    // Where a byte costs the same everywhere, only the sum counts.
    let flat = Chip::of(dataflow("WS"), 256, 1.0);
    assert_eq!(flat.buffer_words + 256 * flat.rf_words, 2 * 65_536);
}

#[test]
fn a_pe_set_makes_a_whole_plane_or_few_strips() {
    // 11 × 23 PEs: 55 rows in three strips. 5 × 27 and 3 × 13 PEs fit.
    for (layer, e) in [(conv1(1), 19), (conv2(1), 27), (conv3(1), 13)] {
        assert_eq!(choice(&best("RS", 256, &layer).unwrap(), "e"), e);
    }
    assert_eq!(choice(&best("RS", 1024, &conv1(1)).unwrap(), "e"), 55);
}

#[test]
fn row_stationary_reads_its_register_file_as_the_split_says() {
    let layer = conv3(16);
    let mapped = best("RS", 256, &layer).unwrap();
    let [ifmap, filter, psum] = mapped.candidate.accesses();
    let (macs, additions) = (layer.macs(), (choice(&mapped, "q") * 3) as f64);
    assert_eq!((ifmap.rf, filter.rf), (macs, macs));
    close(psum.rf, 2.0 * macs * (1.0 - 1.0 / additions));
    // Of 256 channels 2 are in a PE and 12 on the array: 128 · 3 sums leave PEs, 22 of them the array.
    assert_eq!((choice(&mapped, "q"), choice(&mapped, "r")), (2, 6));
    close(psum.array, layer.ofmap_words() * (384.0 - 22.0));
    close(psum.buffer, layer.ofmap_words() * 2.0 * 21.0);
    assert_eq!(mapped.candidate.pes, 3 * 13 * choice(&mapped, "r") * choice(&mapped, "t"));
}

#[test]
fn weight_stationary_reads_ifmaps_again_for_the_filters_that_do_not_fit() {
    // Two sets of 11 × 11 in 256 PEs: 96 filters in 48 turns; a psum passes the buffer between rows of each channel.
    let layer = conv1(4);
    let mapped = best("WS", 256, &layer).unwrap();
    assert_eq!(mapped.choices, [("m", 2), ("k", 1)]);
    let [ifmap, filter, psum] = mapped.candidate.accesses();
    close(ifmap.dram, 48.0 * 4.0 * 3.0 * 227.0 * 227.0);
    assert_eq!((ifmap.buffer, ifmap.array, ifmap.rf), (0.0, layer.macs(), 0.0));
    assert_eq!((filter.dram, filter.rf), (96.0 * 363.0, layer.macs()));
    close(psum.buffer, 2.0 * (33.0 - 1.0) * layer.ofmap_words());
    close(psum.array, layer.macs() * (1.0 - 1.0 / 11.0));
    assert_eq!(mapped.candidate.buffer_words, 4 * 55 * 55 * 2);
}

#[test]
fn weight_stationary_cannot_keep_psums_of_64_images_of_conv1_in_256_pes() {
    assert!(best("WS", 256, &conv1(64)).is_none(), "the gap in the paper's figures");
    assert!(best("WS", 512, &conv1(64)).is_some());
}

#[test]
fn weight_stationary_cuts_a_filter_that_is_larger_than_the_array() {
    // 5 rows of 11 PEs: three turns for 11 rows.
    let layer = conv1(1);
    let mapped = best("WS", 55, &layer).unwrap();
    close(mapped.candidate.ifmap.accesses().dram, 3.0 * 96.0 * layer.ifmap_words());
    assert!(best("WS", 10, &layer).is_none());
}

#[test]
fn one_pixel_of_each_channel_fetches_its_window_alone() {
    let layer = conv3(1);
    let mapped = best("OS_C", 256, &layer).unwrap();
    let [ifmap, filter, psum] = mapped.candidate.accesses();
    let turns = layer.m.div_ceil(choice(&mapped, "tile")) as f64;
    close(ifmap.dram, turns * 13.0 * 13.0 * 9.0 * 256.0);
    assert_eq!(filter.buffer, layer.macs(), "a weight serves one image");
    assert_eq!((psum.buffer, psum.array), (0.0, 0.0));
    close(psum.rf, 2.0 * layer.macs() * (1.0 - 1.0 / 2304.0));
}

#[test]
fn a_plane_of_pixels_shares_words_within_itself() {
    let layer = conv3(16);
    let mapped = best("OS_A", 256, &layer).unwrap();
    assert_eq!(mapped.candidate.pes, 169);
    let [ifmap, filter, _] = mapped.candidate.accesses();
    close(ifmap.buffer, layer.ifmap_words() * 384.0);
    close(filter.buffer, layer.macs() / 169.0);
    assert_eq!((ifmap.array, filter.array), (layer.macs(), layer.macs()));
}

#[test]
fn many_channels_take_pixels_of_one_row() {
    let mapped = best("OS_B", 256, &conv3(1)).unwrap();
    assert_eq!(choice(&mapped, "e"), 1);
    assert!(choice(&mapped, "m") > 1 && choice(&mapped, "f") > 1);
}

#[test]
fn no_local_reuse_takes_a_weight_from_the_buffer_for_each_mac() {
    let layer = conv3(16);
    let mapped = best("NLR", 256, &layer).unwrap();
    assert_eq!((choice(&mapped, "k"), choice(&mapped, "m")), (16, 16));
    let [ifmap, filter, psum] = mapped.candidate.accesses();
    assert_eq!((filter.buffer, filter.array, filter.rf), (layer.macs(), 0.0, 0.0));
    close(ifmap.buffer, layer.macs() / 16.0);
    close(psum.array, layer.macs() * (1.0 - 1.0 / 16.0));
    close(psum.buffer, 2.0 * (144.0 - 1.0) * layer.ofmap_words());
}

#[test]
fn every_mapping_fits_and_splits_all_uses() {
    for dataflow in DATAFLOWS {
        let chip = Chip::of(dataflow, 256, RF_AREA);
        for layer in [conv1(2), conv2(2), conv3(2)] {
            let mapped = dataflow.best(&layer, &chip, Objective::Energy).unwrap();
            let Candidate { ifmap, filter, psums, pes, buffer_words } = mapped.candidate;
            assert!(pes <= 256 && buffer_words <= chip.buffer_words, "{} {mapped:?}", dataflow.id());
            for (reuse, values) in
                [(ifmap.reuse, ifmap.values), (filter.reuse, filter.values), (psums.reuse, psums.values)]
            {
                close(reuse.a * reuse.b * reuse.c * reuse.d * values, layer.macs());
                let all = [reuse.a, reuse.b, reuse.c];
                assert!(all.iter().all(|factor| *factor > 0.999), "{} {reuse:?}", dataflow.id());
            }
        }
    }
}

#[test]
fn an_objective_is_met_at_least_as_well_as_by_the_others_choices() {
    let layer = conv1(4);
    let dataflow = dataflow("OS_A");
    let chip = Chip::of(dataflow, 256, RF_AREA);
    let measures = |objective| {
        let mapped = dataflow.best(&layer, &chip, objective).unwrap();
        let energy = mapped.energy().by_level().total();
        [energy, mapped.delay(), energy * mapped.delay()]
    };
    let by = [Objective::Energy, Objective::Cycles, Objective::Edp].map(measures);
    for other in by {
        (0..3).for_each(|measure| assert!(by[measure][measure] <= other[measure]));
    }
    assert!(by[1][1] < by[0][1], "a rectangle of fewer PEs has the shorter edge");
}
