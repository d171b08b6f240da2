//! Output stationary in three variants (ISCA 2016, section IV-B): which region of the ofmaps the array works on.

use super::area::Chip;
use super::layer::Layer;
use super::reuse::{Psums, Reads};
use super::search::{Candidate, Search};
use super::Dataflow;
use crate::mapper::Cut;

/// Words that a PE holds of an ifmap to hand them to its neighbours: a filter row, and some.
const IFMAP_WORDS: usize = 16;

/// SOC-MOP: a rectangle of pixels of one ofmap plane. Weights are broadcast; conv reuse is the array's.
pub struct SingleChannel;

/// MOC-MOP: pixels of an ofmap row for each of several channels, one axis of the array for each. Conv reuse along the row, and ifmap reuse, are the array's.
pub struct ManyChannels;

/// MOC-SOP: one pixel for each of several channels, and of several images. Ifmap reuse is the array's, and filter reuse over images; an ifmap window
/// is fetched for its pixel alone.
pub struct SinglePixel;

/// Ofmap pixels on the array at a time.
#[derive(Clone, Copy)]
struct Region {
    images: usize,
    filters: usize,
    rows: usize,
    cols: usize,
}

impl Region {
    fn pixels(&self) -> usize {
        self.images * self.filters * self.rows * self.cols
    }
}

impl Dataflow for SingleChannel {
    fn id(&self) -> &'static str {
        "OS_A"
    }

    fn name(&self) -> &'static str {
        "output stationary, SOC-MOP"
    }

    fn keeps(&self) -> &'static str {
        "the psums of a rectangle of one ofmap plane, one in each PE; ifmap pixels pass between neighbours, weights are broadcast; the \
         buffer holds filters, and the ifmap region of the rectangle"
    }

    fn rf_words(&self) -> usize {
        1 + IFMAP_WORDS
    }

    fn offer_mappings(&self, layer: &Layer, chip: &Chip, search: &mut Search) {
        for rows in Cut::Even.sizes(layer.e, chip.pes) {
            for cols in Cut::Even.sizes(layer.f, chip.pes / rows) {
                offer(Region { images: 1, filters: 1, rows, cols }, layer, search);
            }
        }
    }
}

impl Dataflow for ManyChannels {
    fn id(&self) -> &'static str {
        "OS_B"
    }

    fn name(&self) -> &'static str {
        "output stationary, MOC-MOP"
    }

    fn keeps(&self) -> &'static str {
        "the psums of a piece of an ofmap row in several channels, one in each PE; ifmap pixels pass along the row and to all channels, weights go to all \
         pixels; the buffer holds filters, and the ifmap region of the piece"
    }

    fn rf_words(&self) -> usize {
        1 + IFMAP_WORDS
    }

    fn offer_mappings(&self, layer: &Layer, chip: &Chip, search: &mut Search) {
        for images in Cut::Even.sizes(layer.n, chip.pes) {
            for filters in Cut::Even.sizes(layer.m, chip.pes / images) {
                for cols in Cut::Even.sizes(layer.f, chip.pes / (images * filters)) {
                    // One of several channels, or of several pixels, is another variant.
                    if (filters > 1 || layer.m == 1) && (cols > 1 || layer.f == 1) {
                        offer(Region { images, filters, rows: 1, cols }, layer, search);
                    }
                }
            }
        }
    }
}

impl Dataflow for SinglePixel {
    fn id(&self) -> &'static str {
        "OS_C"
    }

    fn name(&self) -> &'static str {
        "output stationary, MOC-SOP"
    }

    fn keeps(&self) -> &'static str {
        "the psums of one position in several channels and images, one in each PE; ifmap pixels go to all channels, weights to all images; the buffer holds \
         filters, and the window of the position"
    }

    fn rf_words(&self) -> usize {
        1
    }

    fn offer_mappings(&self, layer: &Layer, chip: &Chip, search: &mut Search) {
        for images in Cut::Even.sizes(layer.n, chip.pes) {
            for filters in Cut::Even.sizes(layer.m, chip.pes / images) {
                offer(Region { images, filters, rows: 1, cols: 1 }, layer, search);
            }
        }
    }
}

/// The ways to bring the operands of a region to the array. A region's ifmap words come from DRAM for that region, those that it shares with the next one,
/// too: conv reuse is within the array. Either filters stay in the buffer, `tile` at a time, while all regions pass; or a region's ifmap words stay,
/// while all filters pass.
fn offer(region: Region, layer: &Layer, search: &mut Search) {
    let Region { images, filters, rows, cols } = region;
    let macs = layer.macs();
    let read = layer.planes() * layer.rows_read(rows) as f64 * layer.cols_read(cols) as f64;
    let regions = (layer.n.div_ceil(images) * layer.e.div_ceil(rows) * layer.f.div_ceil(cols)) as f64;
    let region_words = images * layer.c * layer.rows_of(rows) * layer.cols_of(cols);
    let (words, filter_groups) = (layer.filter_words(), layer.m.div_ceil(filters) as f64);
    let ifmap =
        |dram: f64, buffer: Option<f64>| Reads { values: layer.ifmap_words(), dram, buffer, array: Some(macs), macs };
    let filter = |dram: f64, buffer: Option<f64>| Reads { values: words, dram, buffer, array: Some(macs), macs };
    let mut tried = |ifmap: Reads, filter: Reads, buffer_words: usize, tile: usize| {
        let additions = layer.additions();
        let candidate = Candidate {
            ifmap: ifmap.split(false),
            filter: filter.split(false),
            psums: Psums::on_chip(layer.ofmap_words(), additions, 1.0, 1.0),
            pes: region.pixels(),
            buffer_words,
        };
        search.offer(candidate, &[("n", images), ("m", filters), ("e", rows), ("f", cols), ("tile", tile)]);
    };
    tried(ifmap(read, Some(read * filter_groups)), filter(words * regions, None), region_words, layer.m);
    for tile in Cut::Even.sizes(layer.m, layer.m) {
        if tile < filters {
            break;
        }
        let dram = read * layer.m.div_ceil(tile) as f64;
        let (ifmap, ifmap_words) = match tile > filters {
            true => (ifmap(dram, Some(read * filter_groups)), region_words),
            false => (ifmap(dram, None), 0),
        };
        let (filter, filter_words) = match regions > 1.0 {
            true => (filter(words, Some(words * regions)), tile * layer.c * layer.taps()),
            false => (filter(words, None), 0),
        };
        tried(ifmap, filter, ifmap_words + filter_words, tile);
    }
}
