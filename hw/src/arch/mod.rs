//! What can be built.

mod spec;

pub use spec::{ArchError, ArchSpec};

use crate::os::OsStyle;
use crate::rtl::{address_bits, count_bits};
use serde::{Deserialize, Serialize};

/// Lines of one global-buffer bank; Eyeriss: 512 × 64 b (JSSC 2017, section V).
pub const BANK_LINES: usize = 512;
/// Lanes of a global-buffer line: words that a line holds, each with its own address.
pub const LANES: usize = 4;
/// Banks of a psum lane that its partner can use beside its own, at the most.
pub const LENT_BANKS: usize = 3;
/// Filter words that the filter network carries a cycle.
pub const FILTER_BUS_WORDS: usize = 4;
/// Ifmap words that a PE can take ahead of its window, beside its ifmap spad (the input FIFO of the chip's PE).
pub const IFMAP_AHEAD: usize = 4;
/// Steps for which an output- or input-stationary array has weights, at the least.
pub const LEAST_WEIGHT_STEPS: usize = 16;
/// The same of an array of one ofmap plane, where a step has one weight.
pub const LEAST_PLANE_STEPS: usize = 256;
/// Horizontal strides with which the words of several PEs are taken from what a port reads at once; with larger ones it is one at a time.
pub const GATHERED_STRIDES: usize = 4;
/// Rows of an ofmap tile, at the most, where a pass works on whole tiles (all dataflows but row stationary).
pub const TILE_ROWS: usize = 64;
/// Width of the counter of window positions along an ofmap row.
pub const WINDOW_BITS: usize = 12;
/// Width of the counter of images of a pass.
pub const IMAGE_BITS: usize = 8;
/// Width of an ifmap row number within a tile, and of a channel number within a tile.
pub const TILE_INDEX_BITS: usize = 12;

/// PE rows, and PE columns, at the most.
pub const MAX_SIDE: usize = 256;
/// How the array reuses data: which of its parts is built around the shell. The register `DATAFLOW` tells a host which, by their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dataflow {
    /// Row stationary (Eyeriss, ISCA 2016).
    #[default]
    Rs,
    /// Weight stationary: a systolic matrix unit (TPU, ISCA 2017).
    Ws,
    /// No local reuse: trees of multipliers (Zhang et al., FPGA 2015; DianNao, ASPLOS 2014).
    Nlr,
    /// Output stationary: psums stay, pixels go from neighbour to neighbour (ShiDianNao, ISCA 2015).
    Os,
    /// Input stationary: activations stay, products are scattered to banks of accumulators (SCNN, ISCA 2017).
    Is,
}

/// What a weight-stationary array is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WsStyle {
    /// A systolic matrix unit, a channel to each row (TPU, ISCA 2017).
    #[default]
    Systolic,
    /// Convolution engines, a tap of a filter to each row, pixels shifting through by way of row FIFOs (NeuFlow, CVPRW 2011; nn-X, CVPRW 2014).
    Conv2d,
}

/// Kernel of a convolution engine, rows and columns, if nothing else is said.
pub const KERNEL: usize = 3;
/// Depth of a row FIFO of a convolution engine, if nothing else is said.
pub const ROW_FIFO: usize = 256;

/// The engines of an array of [`WsStyle::Conv2d`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Conv2d {
    /// Rows and columns K of weights that an engine holds of a filter.
    pub kernel: usize,
    /// Pixels of a row that a row FIFO holds.
    pub row_fifo: usize,
}

/// What is around an array: its sequencer, and what commands say to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoreKind {
    /// [`crate::sequencer`].
    RowStationary,
    /// [`crate::matrix`].
    Matrix,
}

impl Dataflow {
    /// The core of its arrays.
    pub fn core(self) -> CoreKind {
        match self {
            Dataflow::Rs => CoreKind::RowStationary,
            Dataflow::Ws | Dataflow::Nlr | Dataflow::Os | Dataflow::Is => CoreKind::Matrix,
        }
    }
}

/// What clock the AXI4 link to DRAM runs with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkClock {
    /// The accelerator's.
    #[default]
    Sync,
    /// One of its own, of any frequency and phase, as on the chip (200 MHz and 60 MHz; JSSC 2017, section VI).
    Async,
}

/// An accelerator that can be built. Only [`ArchSpec::check`] makes one; nothing past it checks again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arch {
    /// Dataflow of the array.
    pub dataflow: Dataflow,
    /// Its convolution engines, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conv2d: Option<Conv2d>,
    /// Which outputs an output-stationary array works on at a time; of no meaning in others.
    #[serde(skip)]
    pub os_style: OsStyle,
    /// PE rows.
    pub rows: usize,
    /// PE columns.
    pub cols: usize,
    /// Width W of an ifmap and a filter word, bits.
    pub width: usize,
    /// Width P of a psum, bits.
    pub psum_width: usize,
    /// Banks of the global buffer, each of [`BANK_LINES`] lines.
    pub banks: usize,
    /// Width of a lane of the global buffer, bits.
    pub lane_width: usize,
    /// Lanes that a psum can be read from or written to in a cycle: 4, 2 or 1. A psum fills `LANES / psum_lanes` lanes.
    pub psum_lanes: usize,
    /// Filter staging, lines of [`FILTER_BUS_WORDS`] words.
    pub staging_lines: usize,
    /// Ifmap scratchpad of a PE, words.
    pub ifmap_spad: usize,
    /// Filter scratchpad of a PE, words.
    pub filter_spad: usize,
    /// Psum scratchpad of a PE, words.
    pub psum_spad: usize,
    /// Psums of half a column's accumulator.
    pub accumulators: usize,
    /// Weight tiles that the weight buffer holds.
    pub weight_tiles: usize,
    /// Data width of the AXI4 link, bits.
    pub link_width: usize,
    /// Clock of the AXI4 link.
    pub link_clock: LinkClock,
    /// A zero ifmap word stops the filter spad's read and the multiplier.
    pub zero_gating: bool,
    /// Compressed feature maps can have masks as well as runs.
    pub masks: bool,
}

/// Bytes that a value of `bits` bits takes in DRAM: 1, 2, 4 or 8, sign-extended, little-endian.
pub fn container_bytes(bits: usize) -> usize {
    bits.div_ceil(8).next_power_of_two()
}

/// Ifmap words that the core of such an array reads in a cycle, where so many `readers`, rows or engines, read for themselves.
fn ifmap_ports(dataflow: Dataflow, os_style: OsStyle, readers: usize) -> usize {
    match (dataflow.core(), dataflow, os_style) {
        (CoreKind::RowStationary, ..) | (_, Dataflow::Os, OsStyle::MopSop) => 1,
        (CoreKind::Matrix, ..) => readers,
    }
}

impl Arch {
    /// Dataflow and style as a host reads them: the number of the dataflow in the lowest byte, in the byte above it that of the style, 0 where there is none.
    pub fn array_number(&self) -> usize {
        let style = match self.dataflow {
            Dataflow::Ws => self.conv2d.is_some() as usize,
            Dataflow::Os => self.os_style as usize,
            _ => 0,
        };
        self.dataflow as usize | style << 8
    }
    /// The style of an output-stationary array.
    pub fn os(&self) -> Option<OsStyle> {
        (self.dataflow == Dataflow::Os).then_some(self.os_style)
    }
    /// Whether all PEs work on one pixel of the ofmap, each on a filter of its own.
    pub fn is_of_pixels(&self) -> bool {
        self.os() == Some(OsStyle::MopSop)
    }
    /// Whether all PEs work on one plane of the ofmap, adjacent rows and columns of it.
    pub fn is_of_planes(&self) -> bool {
        self.os() == Some(OsStyle::SopMop)
    }
    /// Filters that a pass works on at the most: a column of PEs each, or a PE, or all one.
    pub fn pass_filters(&self) -> usize {
        match self.os() {
            Some(OsStyle::MopSop) => self.pes(),
            Some(OsStyle::SopMop) => 1,
            _ => self.cols,
        }
    }
    /// Number of PEs.
    pub fn pes(&self) -> usize {
        self.rows * self.cols
    }
    /// Ifmap words that the core reads from the buffer in a cycle, each through a port of its own: one of all ifmap banks, or one a row
    /// of PEs or a convolution engine, of the banks of that row or engine.
    pub fn ifmap_ports(&self) -> usize {
        ifmap_ports(self.dataflow, self.os_style, self.rows / self.engine_rows())
    }
    /// Width of a count of ifmap words that move in a cycle.
    pub fn ifmap_word_bits(&self) -> usize {
        count_bits(if self.is_of_planes() { self.pes() } else { self.ifmap_ports() })
    }
    /// Rows and columns of a convolution engine; 1 where there is none.
    pub fn kernel(&self) -> usize {
        self.conv2d.map_or(1, |engines| engines.kernel)
    }
    /// Rows of the array that share an ifmap port: those of a convolution engine, otherwise one.
    pub fn engine_rows(&self) -> usize {
        self.kernel() * self.kernel()
    }
    /// Pixels that a row FIFO of a convolution engine holds.
    pub fn row_fifo(&self) -> usize {
        self.conv2d.map_or(2, |engines| engines.row_fifo)
    }
    /// Rows of positions of an array that multiplies by a matrix: those of an ofmap tile, and, with convolution engines, those before its first whole window.
    pub fn position_rows(&self) -> usize {
        TILE_ROWS + self.kernel() - 1
    }
    /// Whether a layer decides which banks hold ifmaps and which psums; otherwise each ifmap port has banks of its own.
    pub fn banks_are_shared(&self) -> bool {
        self.dataflow.core() == CoreKind::RowStationary
    }
    /// Banks of each ifmap port, if there are several: port v has the `port_banks` banks from bank `v · port_banks` on. Psums get
    /// about a quarter of the banks, at least one. Banks that are read side by side are whole sets.
    pub fn port_banks(&self) -> usize {
        let banks = self.most_port_banks();
        banks - banks % self.side_banks()
    }
    fn most_port_banks(&self) -> usize {
        (self.banks * 3 / 4 / self.ifmap_ports()).max(1)
    }
    /// Banks of a port that are read side by side, a power of two, lines of the port in turns: where all PEs work on one plane, as many as have a word for each column,
    /// if there are so many, otherwise one.
    pub fn side_banks(&self) -> usize {
        if !self.is_of_planes() {
            return 1;
        }
        let have = 1 << self.most_port_banks().ilog2();
        self.cols.div_ceil(LANES).next_power_of_two().min(have)
    }
    /// Words that a port reads at once, from any word on: one, or, where all PEs work on one plane, those of the banks side by side.
    pub fn port_lanes(&self) -> usize {
        if self.is_of_planes() {
            LANES * self.side_banks()
        } else {
            1
        }
    }
    /// PEs of a row, at the most, that take a word each, `stride` apart, of what a port reads at once, where all PEs work on one plane.
    pub fn gathered(&self, stride: usize) -> usize {
        match stride {
            1..=GATHERED_STRIDES => ((self.port_lanes() - 1) / stride + 1).min(self.cols),
            _ => 1,
        }
    }
    /// Words of the banks of an ifmap port, if there are several.
    pub fn port_words(&self) -> usize {
        self.port_banks() * BANK_LINES * LANES
    }
    /// Steps for which the weight buffer of an output- or input-stationary array has weights, one for each column: at least so many that the smallest array has a filter of
    /// [`LEAST_WEIGHT_STEPS`] rows in one pass. Where each PE has a filter, a weight tile is a step. Where all PEs have the same, the words that are otherwise those of a
    /// line's columns are those of as many steps, whole lines.
    pub fn weight_steps(&self) -> usize {
        if self.is_of_planes() {
            return (self.weight_tiles * self.rows * FILTER_BUS_WORDS).max(LEAST_PLANE_STEPS);
        }
        let steps = if self.is_of_pixels() { 1 } else { self.rows };
        (self.weight_tiles * steps).max(LEAST_WEIGHT_STEPS)
    }
    /// Psums of half a bank of a column's accumulators, where each row has a bank.
    pub fn bank_places(&self) -> usize {
        (self.accumulators / self.rows).max(1)
    }
    /// Channels whose weights an array that multiplies by a matrix takes at a time: a row of PEs each, or a convolution engine, or, where rows are rows of a feature map, one.
    pub fn channels_at_a_time(&self) -> usize {
        match self.dataflow {
            Dataflow::Os | Dataflow::Is => 1,
            _ => self.rows / self.engine_rows(),
        }
    }
    /// Positions of an ofmap tile, at the most: a column has a psum of each, or, where all PEs work on one plane, of every so manieth.
    pub fn tile_positions(&self) -> usize {
        self.accumulators * if self.is_of_planes() { self.cols } else { 1 }
    }
    /// Lines of the global buffer.
    pub fn glb_lines(&self) -> usize {
        self.banks * BANK_LINES
    }
    /// Banks that a psum lane can use of its partner's, which is half of the lanes away: as many as line addresses are left for. The line
    /// behind the last one of a psum lane is in its partner's last bank, that `BANK_LINES` further in the bank before it, and so on.
    pub fn lent_banks(&self) -> usize {
        match self.psum_lanes {
            1 => 0,
            _ => ((1 << self.line_bits()) / BANK_LINES - self.banks).min(LENT_BANKS).min(self.banks - 1),
        }
    }
    /// Width of a line address of the global buffer.
    pub fn line_bits(&self) -> usize {
        address_bits(self.glb_lines())
    }
    /// Width of a word address of the global buffer: line and lane.
    pub fn word_address_bits(&self) -> usize {
        self.line_bits() + 2
    }
    /// Width of an ifmap word on its way to a PE: with zero gating, a flag for zeros on top.
    pub fn ifmap_bus_bits(&self) -> usize {
        self.width + self.zero_gating as usize
    }
    /// Entries of the ifmap ring in a PE.
    pub fn ifmap_ring(&self) -> usize {
        self.ifmap_spad + IFMAP_AHEAD
    }
    /// Width of the row part of a multicast tag.
    pub fn tag_y_bits(&self) -> usize {
        address_bits(self.rows)
    }
    /// Width of the column part of an ifmap tag: distinct ifmap rows that the array can work on at a time.
    pub fn ifmap_x_bits(&self) -> usize {
        address_bits(self.pes())
    }
    /// Width of the column part of a filter tag.
    pub fn filter_x_bits(&self) -> usize {
        address_bits(self.cols)
    }
    /// Width of a word of the configuration chain.
    pub fn chain_bits(&self) -> usize {
        (3 + self.ifmap_x_bits() + self.filter_x_bits()).max(2 * self.tag_y_bits())
    }
    /// Columns that a psum lane serves at the most.
    pub fn lane_cols(&self) -> usize {
        self.cols.div_ceil(self.psum_lanes)
    }
    /// Width of a column number within a psum lane.
    pub fn lane_col_bits(&self) -> usize {
        address_bits(self.lane_cols())
    }
    /// Entries of a psum lane's source table: PEs that send psums to the lane at the most.
    pub fn lane_sources(&self) -> usize {
        self.rows * self.lane_cols()
    }
    /// Width of a position in the ifmap spad's window, and of a count of its words.
    pub fn taps_bits(&self) -> usize {
        count_bits(self.ifmap_spad)
    }
    /// Width of a count of filter spad words.
    pub fn filter_count_bits(&self) -> usize {
        count_bits(self.filter_spad)
    }
    /// Width of a count of psum spad words.
    pub fn psum_count_bits(&self) -> usize {
        count_bits(self.psum_spad)
    }
    /// Width of a psum shift.
    pub fn shift_bits(&self) -> usize {
        count_bits(2 * self.width - 1)
    }
    /// Bytes of an ifmap, filter or requantised ofmap word in DRAM.
    pub fn word_bytes(&self) -> usize {
        container_bytes(self.width)
    }
    /// Bytes of a raw psum in DRAM.
    pub fn psum_bytes(&self) -> usize {
        container_bytes(self.psum_width)
    }
    /// Bytes of a beat of the AXI4 link.
    pub fn link_bytes(&self) -> usize {
        self.link_width / 8
    }
}
