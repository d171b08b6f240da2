//! Weight stationary (ISCA 2016, section IV-A).

use super::area::Chip;
use super::layer::Layer;
use super::reuse::{Psums, Reads};
use super::search::{Candidate, Search};
use super::Dataflow;
use crate::mapper::Cut;

/// A weight stays in a PE until all N·E·F positions have used it. `m` filters × `k` channels are on the array, each as R rows of S PEs.
///
/// - An ifmap plane passes once for each `m` filters, from DRAM to all PEs: conv reuse and ifmap reuse are the array's, and the buffer is left to
///   psums.
/// - Psums of a filter row add up from PE to PE, over the `k` channels, too; the next filter row belongs to ifmap pixels of another row, so between rows
///   they wait in the buffer, and so between groups of channels.
/// - As weights stay for the whole batch, the buffer must hold N·E·F psums of `m` filters.
pub struct WeightStationary;

impl Dataflow for WeightStationary {
    fn id(&self) -> &'static str {
        "WS"
    }

    fn name(&self) -> &'static str {
        "weight stationary"
    }

    fn keeps(&self) -> &'static str {
        "a weight in each PE for the whole batch; ifmaps pass from DRAM to the filters on the array; psums add up along a filter row, \
         and wait in the buffer, N·E·F of each filter on the array"
    }

    fn rf_words(&self) -> usize {
        1
    }

    fn offer_mappings(&self, layer: &Layer, chip: &Chip, search: &mut Search) {
        // Filter rows on the array at a time: all, but for arrays that are smaller than a filter.
        let rows = (chip.pes / layer.s).min(layer.r);
        if rows == 0 {
            return;
        }
        let sets = (chip.pes / (rows * layer.s)).max(1);
        let turns = layer.r.div_ceil(rows) as f64;
        let (macs, outputs) = (layer.macs(), layer.ofmap_words());
        for m in Cut::Even.sizes(layer.m, sets) {
            for k in Cut::Even.sizes(layer.c, sets / m) {
                let ifmap = Reads {
                    values: layer.ifmap_words(),
                    dram: layer.ifmap_words() * layer.m.div_ceil(m) as f64 * turns,
                    buffer: None,
                    array: Some(macs),
                    macs,
                };
                let words = layer.filter_words();
                let filter = Reads { values: words, dram: words, buffer: None, array: Some(words), macs };
                let from_array = (layer.r * layer.c.div_ceil(k)) as f64;
                let candidate = Candidate {
                    ifmap: ifmap.split(false),
                    filter: filter.split(true),
                    psums: Psums::on_chip(outputs, layer.additions(), layer.additions(), from_array),
                    pes: m * k * rows * layer.s,
                    buffer_words: layer.n * layer.e * layer.f * m,
                };
                search.offer(candidate, &[("m", m), ("k", k)]);
            }
        }
    }
}
