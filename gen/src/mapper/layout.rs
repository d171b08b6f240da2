//! Where a layer's tensors and its program lie in DRAM.

use super::plan::Plan;
use super::{slots, MapError};
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

/// One after the other from `base`, the program last, as its length follows from the rest.
pub fn place(plan: &Plan, output: &Output, base: u64) -> Layout {
    place_compressed(plan, output, Compression::default(), base)
}

/// The same with compressed tensors. Raw psums stay as they are.
pub fn place_compressed(plan: &Plan, output: &Output, wanted: Compression, base: u64) -> Layout {
    let compression = Compression { ofmap: wanted.ofmap.filter(|_| *output != Output::Raw), ..wanted };
    let slots = if compression == Compression::default() { (0, 0) } else { slots::bytes(plan, compression) };
    // A layer that lies in the padding reads no slot; its ifmap has a place of its own all the same.
    let ifmap_bytes = if compression.ifmap.is_some() { slots.0.max(ALIGN) } else { plan.ifmap_bytes() as u64 };
    let ofmap_bytes = if compression.ofmap.is_some() { slots.1 } else { plan.ofmap_bytes(output) as u64 };
    let sizes = [ifmap_bytes, plan.filter_bytes() as u64, plan.params_bytes() as u64, ofmap_bytes];
    Layout { compression, ..Layout::of_sizes(base, sizes) }
}

impl Layout {
    /// Ifmap, filters, parameters and ofmap of these sizes in bytes one after the other from `base`, then the program.
    pub(super) fn of_sizes(base: u64, sizes: [u64; 4]) -> Layout {
        let [ifmap_bytes, filter_bytes, params_bytes, ofmap_bytes] = sizes;
        let ifmap = base.next_multiple_of(ALIGN);
        let filters = (ifmap + ifmap_bytes).next_multiple_of(ALIGN);
        let params = (filters + filter_bytes).next_multiple_of(ALIGN);
        let ofmap = (params + params_bytes).next_multiple_of(ALIGN);
        let program = (ofmap + ofmap_bytes).next_multiple_of(ALIGN);
        Layout { ifmap, filters, params, ofmap, program, compression: Compression::default() }
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
