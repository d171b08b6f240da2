//! No local reuse (ISCA 2016, section IV-C).

use super::area::Chip;
use super::layer::Layer;
use super::reuse::{Psums, Reads};
use super::search::{Candidate, Search};
use super::Dataflow;
use crate::mapper::Cut;

/// PEs store nothing. `k` groups of PEs work on a channel each, `m` PEs of a group on a filter each: an ifmap pixel goes to the PEs of its group, a psum adds up
/// over the groups, and a weight comes from the buffer for each MAC, straight to the PE that multiplies by it.
pub struct NoLocalReuse;

/// What the buffer holds.
#[derive(Clone, Copy)]
struct Tile {
    images: usize,
    filters: usize,
    channels: usize,
    rows: usize,
}

/// What stays in the buffer while the other operand passes.
#[derive(Clone, Copy, PartialEq)]
enum Stays {
    Filters,
    Ifmaps,
    /// Psums of the tile, over groups of channels.
    Psums,
}

impl Dataflow for NoLocalReuse {
    fn id(&self) -> &'static str {
        "NLR"
    }

    fn name(&self) -> &'static str {
        "no local reuse"
    }

    fn keeps(&self) -> &'static str {
        "nothing in PEs; ifmap pixels go to the filters on the array, psums add up over the channels on it, a weight comes from the buffer for \
         each MAC; the buffer holds tiles of all three"
    }

    fn rf_words(&self) -> usize {
        0
    }

    fn offer_mappings(&self, layer: &Layer, chip: &Chip, search: &mut Search) {
        for k in Cut::Even.sizes(layer.c, chip.pes) {
            // The most filters that fit, and the next smaller number.
            for m in Cut::Even.sizes(layer.m, chip.pes / k).into_iter().take(2) {
                for images in Cut::Even.sizes(layer.n, layer.n) {
                    for rows in Cut::Even.sizes(layer.e, layer.e) {
                        for filters in Cut::Even.sizes(layer.m, layer.m).into_iter().take_while(|tile| *tile >= m) {
                            let tile = |channels| Tile { images, filters, channels, rows };
                            offer(k, m, tile(layer.c), Stays::Filters, layer, search);
                            offer(k, m, tile(layer.c), Stays::Ifmaps, layer, search);
                            if k < layer.c {
                                offer(k, m, tile(k), Stays::Psums, layer, search);
                            }
                        }
                    }
                }
            }
        }
    }
}

fn offer(k: usize, m: usize, tile: Tile, stays: Stays, layer: &Layer, search: &mut Search) {
    let Tile { images, filters, channels, rows } = tile;
    let (macs, words) = (layer.macs(), layer.filter_words());
    let planes = layer.planes() * layer.rows_read(rows) as f64 * layer.cols() as f64;
    let filter_turns = layer.m.div_ceil(filters) as f64;
    let position_turns = (layer.n.div_ceil(images) * layer.e.div_ceil(rows)) as f64;
    let (ifmap_turns, filter_reads) = match stays {
        Stays::Filters => (filter_turns, 1.0),
        Stays::Ifmaps => (1.0, position_turns),
        Stays::Psums => (filter_turns, position_turns),
    };
    let ifmap = Reads {
        values: layer.ifmap_words(),
        dram: planes * ifmap_turns,
        buffer: Some(macs * layer.m.div_ceil(m) as f64 / layer.m as f64),
        array: Some(macs),
        macs,
    };
    let filter = Reads { values: words, dram: words * filter_reads, buffer: Some(macs), array: None, macs };
    let psum_words = match stays {
        Stays::Psums => images * filters * rows * layer.f,
        _ => m,
    };
    let from_array = (layer.c.div_ceil(k) * layer.taps()) as f64;
    let candidate = Candidate {
        ifmap: ifmap.split(false),
        filter: filter.split(false),
        psums: Psums::on_chip(layer.ofmap_words(), layer.additions(), layer.additions(), from_array),
        pes: k * m,
        buffer_words: images * channels * layer.rows_of(rows) * layer.cols()
            + filters * channels * layer.taps()
            + psum_words,
    };
    let choices = [("k", k), ("m", m), ("n", images), ("e", rows), ("filters", filters), ("channels", channels)];
    search.offer(candidate, &choices);
}
