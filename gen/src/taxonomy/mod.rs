//! Dataflows compared at the same area, as ISCA 2016 (Chen, Emer, Sze, sections III, VI and VII) does.
//!
//! Each dataflow is given as many PEs and the same area for storage ([`area`]); what its PEs do not take of it goes to the global buffer. How often a
//! value is used at each level of storage is a product of four factors ([`reuse`]), which follow from a dataflow's own mapping parameters;
//! [`search`] keeps the parameters that cost least. A dataflow is one file that lists its mappings, and a line in [`DATAFLOWS`].
//!
//! No number is fitted to a dataflow: dataflows differ in what they keep where ([`Dataflow::keeps`]), which decides the factors. Where the paper's text leaves that
//! open, the rule is the one that gives its figures, at all sizes and batches alike: that weight-stationary psums wait in the buffer between filter rows and ifmaps go past
//! it, that conv reuse of output stationary ends at the region on the array, and that MOC-MOP takes its pixels from one row.

pub mod area;
pub mod layer;
mod no_local_reuse;
mod output_stationary;
pub mod reuse;
mod row_stationary;
pub mod search;
mod weight_stationary;

pub use area::{Chip, RF_AREA};
pub use layer::Layer;
pub use search::{Candidate, Mapped, Search};

use crate::mapper::Objective;

/// A dataflow of the taxonomy.
pub trait Dataflow: Sync {
    /// Short name, as in the paper's figures.
    fn id(&self) -> &'static str;
    /// Name.
    fn name(&self) -> &'static str;
    /// What it keeps where, and which reuse that leaves to the array: the rules behind its mappings.
    fn keeps(&self) -> &'static str;
    /// Register file of a PE, words.
    fn rf_words(&self) -> usize;
    /// Offers every mapping of a layer on `chip`.
    fn offer_mappings(&self, layer: &Layer, chip: &Chip, search: &mut Search);

    /// The best mapping of a layer; none if the chip cannot run it by this dataflow.
    fn best(&self, layer: &Layer, chip: &Chip, objective: Objective) -> Option<Mapped> {
        let mut search = Search::new(layer, chip, objective);
        self.offer_mappings(layer, chip, &mut search);
        search.finish()
    }
}

/// All dataflows, in the order of the paper's figures.
pub static DATAFLOWS: [&dyn Dataflow; 6] = [
    &row_stationary::RowStationary,
    &weight_stationary::WeightStationary,
    &output_stationary::SingleChannel,
    &output_stationary::ManyChannels,
    &output_stationary::SinglePixel,
    &no_local_reuse::NoLocalReuse,
];

#[cfg(test)]
mod tests;
