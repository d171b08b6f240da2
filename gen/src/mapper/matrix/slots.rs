//! Where the parts of compressed tensors lie: for each port, what a LOAD brings of a tile.

use super::super::layout::Compression;
use super::super::slots::Slots;
use super::MatrixPlan;

impl MatrixPlan {
    /// The slots of the ifmap and of the ofmap, from address 0 on.
    pub(super) fn slots(&self, compression: Compression) -> [Slots; 2] {
        let [mut ifmap, mut ofmap] = Slots::of_both(compression, [0, 0], self.arch.width);
        let steps = self.steps();
        for section in &self.sections() {
            for tile in self.tile_uses(&steps, section) {
                for load in tile.window.iter().flat_map(|window| self.load_parts(section, tile.at, window)) {
                    ifmap.place(&load.part);
                }
                for step in steps[tile.steps].iter().filter(|step| step.last) {
                    for (channel, valid) in self.row_stores(self.filters(step)) {
                        ofmap.place(&self.store_part(section, tile.at.place, channel..channel + valid).into());
                    }
                }
            }
        }
        [ifmap, ofmap]
    }
}
