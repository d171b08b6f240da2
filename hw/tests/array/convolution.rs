//! Two-dimensional convolutions on small arrays, against a plain one.

use crate::bench::{Bench, PeWord, Place, RowWord};
use crate::model::{mac, Layer};
use crate::random::Random;
use hw::array::{event, EVENTS};
use hw::{Arch, ArchSpec};

/// A convolution and how it is laid on the array.
///
/// `across · down` sets work on different filters, `deep` sets one below the other in each of them on different channels;
/// a set has `part.len()` rows (filter rows `part`) and `e` columns.
#[derive(Clone, Debug)]
struct Case {
    stride: usize,
    /// Filter height and width.
    r: usize,
    s: usize,
    /// Ofmap height and width.
    e: usize,
    f: usize,
    images: usize,
    /// Channels of a PE and filters of a PE.
    q: usize,
    p: usize,
    /// Passes over channels.
    passes: usize,
    across: usize,
    down: usize,
    deep: usize,
    shift: usize,
    zeros: usize,
    percent: usize,
}

impl Case {
    fn channels(&self) -> usize {
        self.q * self.deep * self.passes
    }
    fn filters(&self) -> usize {
        self.p * self.across * self.down
    }
    fn height(&self) -> usize {
        (self.e - 1) * self.stride + self.r
    }
    fn width(&self) -> usize {
        (self.f - 1) * self.stride + self.s
    }
    fn layer(&self) -> Layer {
        Layer {
            taps: self.q * self.s,
            step: self.q * self.stride.min(self.s),
            filters: self.p,
            windows: self.f,
            images: self.images,
            shift: self.shift,
        }
    }
    /// Columns that windows use, in order.
    fn columns(&self) -> Vec<usize> {
        (0..self.width())
            .filter(|x| (0..self.f).any(|f| (f * self.stride..f * self.stride + self.s).contains(x)))
            .collect()
    }
}

struct Tensors {
    /// `[n][c][h][w]`, `[m][c][r][s]`, `[n][m][e][f]`.
    ifmap: Vec<Vec<Vec<Vec<i128>>>>,
    filter: Vec<Vec<Vec<Vec<i128>>>>,
    psum: Vec<Vec<Vec<Vec<i128>>>>,
}

fn tensor(a: usize, b: usize, c: usize, d: usize, mut word: impl FnMut() -> i128) -> Vec<Vec<Vec<Vec<i128>>>> {
    (0..a).map(|_| (0..b).map(|_| (0..c).map(|_| (0..d).map(|_| word()).collect()).collect()).collect()).collect()
}

impl Tensors {
    fn any(case: &Case, arch: &Arch, random: &mut Random) -> Tensors {
        let (n, m, c) = (case.images, case.filters(), case.channels());
        Tensors {
            ifmap: tensor(n, c, case.height(), case.width(), || random.sparse(arch.width, case.zeros)),
            filter: tensor(m, c, case.r, case.s, || random.signed(arch.width)),
            psum: tensor(n, m, case.e, case.f, || random.signed(arch.psum_width)),
        }
    }

    /// The ofmap, and how many of the products have a zero ifmap word.
    fn convolve(&self, case: &Case, bits: usize) -> (Vec<Vec<Vec<Vec<i128>>>>, usize) {
        let mut out = self.psum.clone();
        let mut zeros = 0;
        for (n, image) in out.iter_mut().enumerate() {
            for (m, map) in image.iter_mut().enumerate() {
                for (y, row) in map.iter_mut().enumerate() {
                    for (x, sum) in row.iter_mut().enumerate() {
                        for c in 0..case.channels() {
                            for i in 0..case.r {
                                for j in 0..case.s {
                                    let word = self.ifmap[n][c][y * case.stride + i][x * case.stride + j];
                                    *sum = mac(*sum, word, self.filter[m][c][i][j], case.shift, bits);
                                    zeros += (word == 0) as usize;
                                }
                            }
                        }
                    }
                }
            }
        }
        (out, zeros)
    }
}

/// Configures the array and queues all passes for the filter rows `part`; `psum` is replaced by the sums.
fn turn(bench: &mut Bench, case: &Case, data: &mut Tensors, part: std::ops::Range<usize>, random: &mut Random) {
    let arch = bench.arch.clone();
    let rows = part.len();
    // Row of filter row `part.start + i` of the set (down, deep).
    let place = |d: usize, k: usize, i: usize| (d * case.deep + k) * rows + i;
    assert!(place(case.down - 1, case.deep - 1, rows - 1) < arch.rows && case.across * case.e <= arch.cols);
    // Idle PEs carry IDs that are sent.
    let mut pes = vec![PeWord { ifmap_x: 1, ..Default::default() }; arch.pes()];
    let mut row_words = vec![RowWord::default(); arch.rows];
    for d in 0..case.down {
        for k in 0..case.deep {
            for i in 0..rows {
                let row = place(d, k, i);
                row_words[row] = RowWord { ifmap_y: k, filter_y: k * rows + i };
                for col in 0..case.across * case.e {
                    pes[row * arch.cols + col] = PeWord {
                        enable: true,
                        psum_from_bus: k == case.deep - 1 && i == rows - 1,
                        psum_to_bus: k == 0 && i == 0,
                        ifmap_x: col % case.e * case.stride + i,
                        filter_x: d * case.across + col / case.e,
                    };
                }
            }
        }
    }
    bench.set(&case.layer());
    bench.configure(&pes, &row_words);

    let used = (case.e - 1) * case.stride + rows;
    for pass in 0..case.passes {
        let channel = |k: usize, q: usize| (pass * case.deep + k) * case.q + q;
        for n in 0..case.images {
            for &x in &case.columns() {
                for q in 0..case.q {
                    for k in 0..case.deep {
                        for h in 0..used {
                            // Rows between windows are nobody's.
                            bench.ifmap.push_back((k, h, data.ifmap[n][channel(k, q)][part.start + h][x]));
                        }
                    }
                }
            }
        }
        let filters = |t: usize, k: usize, i: usize| -> Vec<i128> {
            let mut words = vec![];
            for p in 0..case.p {
                for s in 0..case.s {
                    for q in 0..case.q {
                        words.push(data.filter[t * case.p + p][channel(k, q)][part.start + i][s]);
                    }
                }
            }
            words
        };
        let lines = case.layer().filter_words().div_ceil(4);
        for line in 0..lines {
            for t in 0..case.across * case.down {
                for k in 0..case.deep {
                    for i in 0..rows {
                        let words = filters(t, k, i).chunks(4).nth(line).unwrap().to_vec();
                        bench.filter.push_back((k * rows + i, t, words));
                    }
                }
            }
        }
    }

    // Who sends psums, lane by lane; the sums of a pass are the psums of the next.
    let mut order = vec![];
    for n in 0..case.images {
        for x in 0..case.f {
            for p in 0..case.p {
                for d in 0..case.down {
                    for col in 0..case.across * case.e {
                        let m = (d * case.across + col / case.e) * case.p + p;
                        let (top, bottom) = (place(d, 0, 0), place(d, case.deep - 1, rows - 1));
                        order.push((
                            col % arch.psum_lanes,
                            Place { row: top, col },
                            Place { row: bottom, col },
                            [n, m, col % case.e, x],
                        ));
                    }
                }
            }
        }
    }
    let mut expected = vec![0; arch.psum_lanes];
    for &(lane, top, bottom, [n, m, y, x]) in &order {
        bench.psum_in[lane].push_back((bottom, data.psum[n][m][y][x]));
        expected[lane] += case.passes;
        bench.psum_out[lane].push_back(top);
    }
    for _ in 1..case.passes {
        order.iter().for_each(|&(lane, top, ..)| bench.psum_out[lane].push_back(top));
    }
    let by_lane = |lane: usize| order.iter().filter(move |o| o.0 == lane).cloned().collect::<Vec<_>>();
    let orders: Vec<_> = (0..arch.psum_lanes).map(by_lane).collect();
    let mut returned = vec![0; arch.psum_lanes];
    bench.sums.iter_mut().for_each(Vec::clear);
    let limit = bench.cycle
        + 5000
        + 40 * (bench.ifmap.len() + order.len() * case.passes * case.layer().taps) * 100 / case.percent;
    while (0..arch.psum_lanes).any(|l| bench.sums[l].len() < expected[l]) {
        bench.step(random, case.percent);
        for (l, order) in orders.iter().enumerate() {
            while returned[l] < bench.sums[l].len() && returned[l] + order.len() < expected[l] {
                let i = returned[l];
                bench.psum_in[l].push_back((order[i % order.len()].2, bench.sums[l][i]));
                returned[l] += 1;
            }
        }
        assert!(
            bench.cycle < limit,
            "{case:?}: hangs; {:?} of {expected:?}",
            bench.sums.iter().map(Vec::len).collect::<Vec<_>>()
        );
    }
    for (l, order) in orders.iter().enumerate() {
        let last = expected[l] - order.len();
        for (i, &(_, _, _, [n, m, y, x])) in order.iter().enumerate() {
            data.psum[n][m][y][x] = bench.sums[l][last + i];
        }
    }
    for _ in 0..8 {
        bench.step(random, 100);
    }
}

/// Runs `case` in turns of at most `rows` filter rows (folding), from the last rows to the first.
#[track_caller]
fn check_on(bench: &mut Bench, case: &Case, fold: usize, seed: u64) {
    let random = &mut Random::new(seed);
    let mut data = Tensors::any(case, &bench.arch, random);
    let (expected, zeros) = data.convolve(case, bench.arch.psum_width);
    let before = bench.events;
    let starts: Vec<usize> = (0..case.r).step_by(fold).collect();
    for &start in starts.iter().rev() {
        turn(bench, case, &mut data, start..(start + fold).min(case.r), random);
    }
    assert_eq!(data.psum, expected, "seed {seed}, {case:?}");
    let mut expected = [0; EVENTS];
    expected[event::MAC] = case.images * case.filters() * case.e * case.f * case.channels() * case.r * case.s;
    expected[event::GATED] = if bench.arch.zero_gating { zeros } else { 0 };
    // Of each turn, PEs with work, and those of them with another below them.
    for turn in starts.iter().map(|&start| fold.min(case.r - start)) {
        let sets = case.down * case.across * case.e * case.passes;
        let (pes, fed_from_below) = (sets * case.deep * turn, sets * (case.deep * turn - 1));
        let psums = case.images * case.f * case.p;
        expected[event::IFMAP] += pes * case.images * case.columns().len() * case.q;
        expected[event::FILTER] += pes * case.layer().filter_words();
        expected[event::PSUM] += pes * psums;
        expected[event::HOP] += fed_from_below * psums;
    }
    let counted: Vec<usize> = bench.events.iter().zip(before).map(|(now, before)| now - before).collect();
    assert_eq!(counted, expected, "events; seed {seed}, {case:?}");
    assert!(bench.ifmap.is_empty() && bench.filter.is_empty());
}

#[track_caller]
fn check(rows: usize, cols: usize, psum_width: usize, case: Case) {
    let spec = ArchSpec { rows, cols, psum_width, filter_spad: 64, psum_spad: 6, ..Default::default() };
    let arch = spec.check().unwrap();
    for (i, percent) in [100, 60, 20].into_iter().enumerate() {
        check_on(&mut Bench::new(&arch), &Case { percent, ..case.clone() }, rows, i as u64);
    }
}

const SET: Case = Case {
    stride: 1,
    r: 3,
    s: 3,
    e: 4,
    f: 5,
    images: 1,
    q: 1,
    p: 1,
    passes: 1,
    across: 1,
    down: 1,
    deep: 1,
    shift: 0,
    zeros: 20,
    percent: 100,
};

#[test]
fn a_pe_set_makes_rows_of_an_ofmap() {
    check(3, 4, 32, SET);
}

#[test]
fn channels_filters_images_and_passes_interleave() {
    check(3, 4, 32, Case { q: 3, p: 4, images: 2, passes: 3, shift: 3, ..SET });
}

#[test]
fn strides_smaller_and_larger_than_the_filter_work() {
    check(3, 4, 32, Case { stride: 2, q: 2, p: 2, passes: 2, ..SET });
    check(3, 4, 32, Case { stride: 4, s: 2, q: 2, p: 2, ..SET });
    check(3, 4, 32, Case { s: 1, q: 4, p: 3, ..SET });
}

/// Two sets side by side work on different filters and share the ifmap; with an idle column.
#[test]
fn sets_side_by_side_share_an_ifmap() {
    check(3, 5, 16, Case { e: 2, across: 2, q: 2, p: 3, passes: 2, images: 2, ..SET });
}

/// Sets one below the other: on different filters, or on different channels with one chain of psums.
#[test]
fn sets_one_below_the_other_share_a_column() {
    check(6, 3, 64, Case { e: 3, down: 2, q: 2, p: 2, passes: 2, ..SET });
    check(6, 3, 32, Case { e: 3, deep: 2, q: 2, p: 2, passes: 2, ..SET });
    check(8, 4, 32, Case { e: 2, r: 2, down: 2, deep: 2, across: 2, q: 2, p: 2, passes: 2, ..SET });
}

#[test]
fn idle_rows_and_columns_do_not_matter() {
    check(5, 7, 16, Case { e: 3, q: 2, p: 2, ..SET });
}

/// A filter that is taller than the array runs in turns, with the chain loaded anew between them.
#[test]
fn a_tall_filter_is_folded() {
    check(3, 4, 32, Case { r: 5, q: 2, p: 2, passes: 2, ..SET });
    check(3, 4, 32, Case { r: 7, s: 2, stride: 2, p: 3, ..SET });
}

#[test]
fn single_rows_columns_and_pes_work() {
    check(1, 4, 32, Case { r: 1, s: 1, q: 6, p: 4, passes: 3, ..SET });
    check(3, 1, 32, Case { e: 1, q: 2, p: 2, ..SET });
    check(1, 1, 16, Case { r: 1, e: 1, s: 4, p: 2, images: 2, ..SET });
}

/// Once the first window is there, every PE of a set issues a MAC each cycle. A row's first window takes 72 cycles on the ifmap bus;
/// of a later row's first window, 4 words wait in the ring and the other 8 take 48 cycles.
#[test]
fn a_set_keeps_all_its_pes_busy() {
    let arch = ArchSpec { rows: 3, cols: 4, ..Default::default() }.check().unwrap();
    for (passes, f) in [(1, 30), (3, 10)] {
        let mut bench = Bench::new(&arch);
        let case = Case { q: 4, p: 8, f, passes, ..SET };
        check_on(&mut bench, &case, 3, 1);
        let (macs, cycles) = (passes * case.layer().macs(), bench.cycle);
        assert!(cycles < macs + 72 + 48 * (passes - 1) + 60, "{cycles} cycles for {macs} MACs a PE");
    }
}

/// Without zero gating, zeros are multiplied like other words, and nothing else changes.
#[test]
fn without_zero_gating_every_mac_is_a_multiplication() {
    let spec = ArchSpec { rows: 3, cols: 4, width: 6, zero_gating: false, ..Default::default() };
    let mut bench = Bench::new(&spec.check().unwrap());
    check_on(&mut bench, &Case { q: 2, p: 3, passes: 2, zeros: 60, ..SET }, 3, 5);
}

/// Layers one after the other in one array, the last of them after a reset in the middle of another.
#[test]
fn a_reset_in_the_middle_of_a_layer_leaves_nothing_behind() {
    let arch = ArchSpec { rows: 3, cols: 4, filter_spad: 64, psum_spad: 6, ..Default::default() }.check().unwrap();
    let mut bench = Bench::new(&arch);
    let case = Case { q: 2, p: 3, passes: 2, percent: 70, ..SET };
    check_on(&mut bench, &case, 3, 1);
    check_on(&mut bench, &Case { s: 2, stride: 2, q: 4, ..case.clone() }, 3, 2);
    // Half a layer: buses full, PEs at work.
    let random = &mut Random::new(3);
    for y in 0..2 {
        for x in 0..5 {
            bench.ifmap.extend((0..20).map(|word| (y, x, word)));
        }
        bench.filter.extend((0..20).map(|word| (y, 0, vec![word; 4])));
    }
    for l in 0..arch.psum_lanes {
        bench.psum_in[l].extend((0..10).map(|word| (Place { row: 2, col: l }, word)));
    }
    for _ in 0..37 {
        bench.step(random, 100);
    }
    bench.reset();
    check_on(&mut bench, &case, 3, 4);
}
