//! Row stationary (ISCA 2016, section V).

use super::area::Chip;
use super::layer::Layer;
use super::reuse::{Psums, Reads};
use super::search::{Candidate, Search};
use super::Dataflow;
use crate::mapper::Cut;

/// A PE convolves rows: it keeps a filter row of `p` filters and `q` channels and a window of the ifmap row that slides over it. A PE set of R × `e` PEs makes `e`
/// ofmap rows: ifmap rows go along its diagonals, filter rows along its rows, psums up its columns. `r` sets on other channels and `t` sets on other filters
/// share the array.
///
/// A set makes a whole ofmap plane if the array is large enough for it, else as few strips as fit. The buffer holds what passes of the array share:
/// ifmap words for other filters, psums for other channels, filters for other images or strips.
pub struct RowStationary;

/// What the array does in a pass, and what PEs keep.
#[derive(Clone, Copy)]
struct Pass {
    p: usize,
    q: usize,
    e: usize,
    r: usize,
    t: usize,
}

impl Pass {
    /// Filters on the array.
    fn filters(&self) -> usize {
        self.p * self.t
    }

    /// PEs with work.
    fn pes(&self, layer: &Layer) -> usize {
        layer.r * self.e * self.r * self.t
    }
}

/// What passes share in the buffer.
#[derive(Clone, Copy)]
struct Tile {
    images: usize,
    rows: usize,
    filters: usize,
}

/// What the buffer holds for several passes, beside psums.
#[derive(Clone, Copy, PartialEq)]
enum Stays {
    /// Ifmap words of a pass's channels, while the tile's filters use them.
    Channels,
    /// Ifmap words of all channels, while all filters use them.
    Ifmaps,
    /// The tile's filters, while all images and strips use them.
    Filters,
}

impl Dataflow for RowStationary {
    fn id(&self) -> &'static str {
        "RS"
    }

    fn name(&self) -> &'static str {
        "row stationary"
    }

    fn keeps(&self) -> &'static str {
        "filter rows, an ifmap window and psums in each PE; ifmap rows go along diagonals, filter rows along rows, psums up columns of a set that makes a \
         whole ofmap plane where the array has the PEs; the buffer holds what passes share"
    }

    fn rf_words(&self) -> usize {
        256
    }

    fn offer_mappings(&self, layer: &Layer, chip: &Chip, search: &mut Search) {
        let columns = chip.pes / layer.r;
        if columns == 0 {
            return;
        }
        let e = layer.e.div_ceil(layer.e.div_ceil(columns));
        let sets = columns / e;
        let mut passes = Vec::new();
        for q in Cut::Even.sizes(layer.c, chip.rf_words / layer.s) {
            let room = chip.rf_words.saturating_sub(q * layer.s) / (q * layer.s + 1);
            if room == 0 {
                continue;
            }
            for p in Cut::Even.sizes(layer.m, room) {
                for r in Cut::Even.sizes(layer.c.div_ceil(q), sets) {
                    for t in Cut::Even.sizes(layer.m.div_ceil(p), sets / r) {
                        let pass = Pass { p, q, e, r, t };
                        passes.push((search.score(least_energy(pass, layer), pass.pes(layer)), pass));
                    }
                }
            }
        }
        // The first that could be no better than the best one so far ends the search.
        passes.sort_by(|a, b| a.0.partial_cmp(&b.0).expect("energies are numbers"));
        for (least, pass) in passes {
            if search.is_beaten(least) {
                return;
            }
            offer_tiles(pass, layer, search);
        }
    }
}

fn offer_tiles(pass: Pass, layer: &Layer, search: &mut Search) {
    // Strips of whole sets, or the whole plane.
    let rows = Cut::Even.sizes(layer.e, layer.e);
    let rows: Vec<usize> = rows.into_iter().filter(|rows| rows % pass.e == 0 || *rows == layer.e).collect();
    for images in Cut::Even.sizes(layer.n, layer.n) {
        for rows in rows.iter().copied() {
            for filters in Cut::Even.sizes(layer.m, layer.m) {
                if filters < pass.filters() && filters < layer.m {
                    break;
                }
                for stays in [Stays::Channels, Stays::Ifmaps, Stays::Filters] {
                    offer(pass, Tile { images, rows, filters }, stays, layer, search);
                }
            }
        }
    }
}

/// Psums of a pass: C/q·R sums leave PEs, C/(q·r) leave the array.
fn psums(pass: Pass, layer: &Layer) -> Psums {
    let from_pes = (layer.c.div_ceil(pass.q) * layer.r) as f64;
    Psums::on_chip(layer.ofmap_words(), layer.additions(), from_pes, channel_groups(pass, layer) as f64)
}

fn channel_groups(pass: Pass, layer: &Layer) -> usize {
    layer.c.div_ceil(pass.q * pass.r)
}

/// Ifmap words that PEs take: each of the R·E rows of windows streams its row once for each `p` filters.
fn ifmap_deliveries(pass: Pass, layer: &Layer) -> f64 {
    layer.planes() * (layer.r * layer.e * layer.cols() * layer.m.div_ceil(pass.p)) as f64
}

/// Ifmap words that the array takes from the level above.
fn ifmap_reads(pass: Pass, layer: &Layer) -> f64 {
    layer.planes() * (layer.rows_read(pass.e) * layer.cols() * layer.m.div_ceil(pass.filters())) as f64
}

/// Energy of accesses, of any tile: each tensor from DRAM once, and what the pass itself decides.
fn least_energy(pass: Pass, layer: &Layer) -> f64 {
    let ifmap = Reads {
        values: layer.ifmap_words(),
        dram: layer.planes() * (layer.rows_read(pass.e).min(layer.rows()) * layer.cols()) as f64,
        // What other filters need again comes from the buffer, or from DRAM, which costs more.
        buffer: (pass.filters() < layer.m).then(|| ifmap_reads(pass, layer)),
        array: Some(ifmap_deliveries(pass, layer)),
        macs: layer.macs(),
    };
    let words = layer.filter_words();
    let array = Some(words * pass.e as f64);
    let filter = Reads { values: words, dram: words, buffer: None, array, macs: layer.macs() };
    let inputs = [ifmap, filter].map(|reads| reads.split(true).accesses().energy().total());
    inputs.iter().sum::<f64>() + psums(pass, layer).accesses().energy().total()
}

fn offer(pass: Pass, tile: Tile, stays: Stays, layer: &Layer, search: &mut Search) {
    let Pass { p, q, e, r, t } = pass;
    let Tile { images, rows, filters } = tile;
    let turns = layer.n.div_ceil(images) * layer.e.div_ceil(rows);
    let filter_turns = layer.m.div_ceil(filters);
    let groups = channel_groups(pass, layer);
    // The other orders are this one where there is nothing that could stay.
    let same = match stays {
        Stays::Channels => false,
        Stays::Ifmaps => filter_turns == 1,
        Stays::Filters => turns == 1,
    };
    if same {
        return;
    }
    let macs = layer.macs();
    let plane_words = images * layer.rows_of(rows) * layer.cols();
    let read = layer.planes() * layer.rows_read(rows) as f64 * layer.cols() as f64;
    let from_buffer = ifmap_reads(pass, layer);
    // Of one group of filters alone, ifmap words go past the buffer.
    let (ifmap_dram, ifmap_buffer, ifmap_words) = match stays {
        Stays::Ifmaps => (read, Some(from_buffer), layer.c * plane_words),
        _ if filters > pass.filters() => (read * filter_turns as f64, Some(from_buffer), q * r * plane_words),
        _ => (from_buffer, None, 0),
    };
    let words = layer.filter_words();
    // Filters that are all on the array stay there.
    let to_array = if filter_turns == 1 && groups == 1 { words } else { words * turns as f64 };
    let (filter_dram, filter_buffer, filter_words) = match stays {
        Stays::Filters => (words, Some(to_array), filters * layer.c * layer.taps()),
        _ => (to_array, None, 0),
    };
    let ifmap = Reads {
        values: layer.ifmap_words(),
        dram: ifmap_dram,
        buffer: ifmap_buffer,
        array: Some(ifmap_deliveries(pass, layer)),
        macs,
    };
    let filter =
        Reads { values: words, dram: filter_dram, buffer: filter_buffer, array: Some(to_array * e as f64), macs };
    let psum_words = if groups > 1 { images * rows * layer.f * filters } else { 0 };
    let candidate = Candidate {
        ifmap: ifmap.split(true),
        filter: filter.split(true),
        psums: psums(pass, layer),
        pes: pass.pes(layer),
        buffer_words: ifmap_words + filter_words + psum_words,
    };
    let choices = [("n", images), ("m", filters), ("e", e), ("rows", rows), ("p", p), ("q", q), ("r", r), ("t", t)];
    search.offer(candidate, &choices);
}
