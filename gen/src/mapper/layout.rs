//! Where a layer's tensors and its program lie in DRAM.

use super::plan::Plan;
use super::slots::{self, Slots};
use super::MapError;
use crate::numerics::Output;
use hw::program::COMMAND_BYTES;
use hw::rlc::{Format, SLOT_HEAD};
use hw::Arch;
use serde::{Deserialize, Serialize};

/// Byte addresses of all that a layer reads and writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Ifmap, N×C×H×W containers.
    pub ifmap: u64,
    /// Filters as [`super::pack_filters`] packs them.
    pub filters: u64,
    /// Bias, scale and shift of each ofmap channel as [`super::pack_params`] packs them.
    pub params: u64,
    /// Ofmap, N×M×E×F containers.
    pub ofmap: u64,
    /// Program.
    pub program: u64,
    /// Which of them are compressed.
    #[serde(default)]
    pub compression: Compression,
}

/// Which tensors lie in DRAM in slots of `hw::rlc`, instead of as containers in C order, and in which format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compression {
    /// The ifmap.
    pub ifmap: Option<Format>,
    /// The ofmap, unless it is of raw psums.
    pub ofmap: Option<Format>,
}

impl Compression {
    /// Of both feature maps in the same format.
    pub fn both(format: Format) -> Compression {
        Compression { ifmap: Some(format), ofmap: Some(format) }
    }
}

/// Bytes of an entry of the output stage's table.
pub(super) const PARAM_BYTES: usize = 16;
/// What a filter or parameter address is a multiple of.
const LINE: u64 = 16;
/// Alignment that [`place`] gives everything: that of a command, and a burst's favourite.
const ALIGN: u64 = COMMAND_BYTES as u64;

/// One after the other from `base`, the program last, as its length follows from the rest; compressed as far as wanted and as the output can be: raw psums
/// stay as they are.
pub fn place(plan: &Plan, output: &Output, wanted: Compression, base: u64) -> Layout {
    let plain = [plan.ifmap_bytes(), plan.filter_bytes(), plan.params_bytes(), plan.ofmap_bytes(output)];
    Layout::of(base, plain, output, wanted, |compression| slots::collect(plan, compression))
}

impl Layout {
    /// Ifmap, filters, parameters and ofmap one after the other from `base`, then the program. Plain, they have these sizes in bytes, in `slots` what these take.
    pub(super) fn of(
        base: u64,
        plain: [usize; 4],
        output: &Output,
        wanted: Compression,
        slots: impl FnOnce(Compression) -> [Slots; 2],
    ) -> Layout {
        let compression = Compression { ofmap: wanted.ofmap.filter(|_| *output != Output::Raw), ..wanted };
        let [mut ifmap_bytes, filter_bytes, params_bytes, mut ofmap_bytes] = plain.map(|bytes| bytes as u64);
        if compression != Compression::default() {
            let [ifmap, ofmap] = slots(compression).map(|slots| slots.end());
            // A layer that lies in the padding reads no slot; its ifmap has a place of its own all the same.
            ifmap_bytes = compression.ifmap.map_or(ifmap_bytes, |_| ifmap.max(ALIGN));
            ofmap_bytes = compression.ofmap.map_or(ofmap_bytes, |_| ofmap);
        }
        let ifmap = base.next_multiple_of(ALIGN);
        let filters = (ifmap + ifmap_bytes).next_multiple_of(ALIGN);
        let params = (filters + filter_bytes).next_multiple_of(ALIGN);
        let ofmap = (params + params_bytes).next_multiple_of(ALIGN);
        let program = (ofmap + ofmap_bytes).next_multiple_of(ALIGN);
        Layout { ifmap, filters, params, ofmap, program, compression }
    }

    /// The first address that the hardware cannot work with.
    pub(super) fn check(&self, arch: &Arch, output: &Output) -> Result<(), MapError> {
        let aligned = |what, address: u64, align: u64| match address % align {
            0 => Ok(()),
            _ => Err(MapError::Address { what, address, align }),
        };
        if !arch.masks && [self.compression.ifmap, self.compression.ofmap].contains(&Some(Format::Masks)) {
            return Err(MapError::Masks);
        }
        let of = |format: Option<Format>, bytes: usize| format.map_or(bytes as u64, |_| SLOT_HEAD as u64);
        aligned("ifmap", self.ifmap, of(self.compression.ifmap, arch.word_bytes()))?;
        aligned("filters", self.filters, LINE)?;
        aligned("parameters", self.params, LINE)?;
        aligned("ofmap", self.ofmap, of(self.compression.ofmap, output.bytes(arch)))?;
        aligned("program", self.program, COMMAND_BYTES as u64)
    }
}

impl Plan {
    /// Bytes of the ifmap.
    pub fn ifmap_bytes(&self) -> usize {
        self.shape.ifmap_dims().iter().product::<usize>() * self.arch.word_bytes()
    }

    /// Bytes of the parameters.
    pub fn params_bytes(&self) -> usize {
        self.shape.m * PARAM_BYTES
    }

    /// Bytes of an ofmap word.
    pub fn ofmap_word_bytes(&self, output: &Output) -> usize {
        output.bytes(&self.arch)
    }

    /// Bytes of the ofmap.
    pub fn ofmap_bytes(&self, output: &Output) -> usize {
        self.shape.ofmap_dims().iter().product::<usize>() * self.ofmap_word_bytes(output)
    }
}
