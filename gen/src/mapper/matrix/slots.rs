//! Where the parts of compressed tensors lie: for each port, what a LOAD brings of a tile.

use super::super::layout::Compression;
use super::super::slots::Slots;
use super::MatrixPlan;

impl MatrixPlan {
    /// The slots of an ifmap and of an ofmap that begin at these addresses.
    pub(super) fn slots(&self, compression: Compression, addresses: [u64; 2]) -> [Slots; 2] {
        let [mut ifmap, mut ofmap] = Slots::of_both(compression, addresses, self.arch.width);
        let steps = self.steps();
        for section in &self.sections() {
            for tile in self.tile_uses(&steps, section) {
                for load in tile.window.iter().flat_map(|window| self.load_parts(section, tile.place, window)) {
                    ifmap.place(&load.part);
                }
                for step in steps[tile.steps].iter().filter(|step| step.last) {
                    for (channel, valid) in self.row_stores(self.filters(step)) {
                        ofmap.place(&self.store_part(section, tile.place, channel..channel + valid).into());
                    }
                }
            }
        }
        [ifmap, ofmap]
    }
}
