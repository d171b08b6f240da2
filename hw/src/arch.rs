use crate::os::OsStyle;
use crate::rtl::{address_bits, count_bits};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use thiserror::Error;

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
/// Allowed width of an ifmap and a filter word, bits.
const WIDTHS: RangeInclusive<usize> = 2..=32;
/// Allowed width of a psum, bits.
const PSUM_WIDTHS: RangeInclusive<usize> = 2..=64;

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

/// An accelerator as a user writes it down: every size that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ArchSpec {
    /// Dataflow of the array.
    pub dataflow: Dataflow,
    /// Which outputs an output-stationary array works on at a time; `mop-mop` if it is not said. Only in such arrays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os_style: Option<OsStyle>,
    /// PE rows.
    pub rows: usize,
    /// PE columns.
    pub cols: usize,
    /// Width of an ifmap and a filter word, bits.
    pub width: usize,
    /// Width of a psum, bits; 0 stands for twice `width`.
    pub psum_width: usize,
    /// On-chip buffer, KiB: the global buffer's banks and, of it, 2/27 for filter staging (the chip: 100 + 8 KiB).
    pub glb_kb: usize,
    /// Ifmap scratchpad of a PE, words.
    pub ifmap_spad: usize,
    /// Filter scratchpad of a PE, words.
    pub filter_spad: usize,
    /// Psum scratchpad of a PE, words.
    pub psum_spad: usize,
    /// Psums that a column's accumulator holds, twice: for the tile that is worked on and for the one that is written back. Not in
    /// row-stationary arrays.
    pub accumulators: usize,
    /// Weight tiles that the weight buffer holds, a weight for each multiplier: one in use, the others loaded ahead. Only in arrays
    /// without local reuse, and output- or input-stationary ones, where a tile is weights of each filter for as many steps as the array has rows, or, if all PEs work on one pixel, a weight of each PE.
    pub weight_tiles: usize,
    /// Data width of the AXI4 link to DRAM, bits.
    pub link_width: usize,
    /// Clock of the AXI4 link.
    pub link_clock: LinkClock,
    /// A zero ifmap word stops the filter spad's read and the multiplier.
    pub zero_gating: bool,
    /// Compressed feature maps can have masks as well as runs; see [`crate::rlc`].
    pub masks: bool,
}

impl Default for ArchSpec {
    fn default() -> Self {
        ArchSpec {
            dataflow: Dataflow::Rs,
            os_style: None,
            rows: 12,
            cols: 14,
            width: 16,
            psum_width: 0,
            glb_kb: 108,
            ifmap_spad: 12,
            filter_spad: 224,
            psum_spad: 24,
            accumulators: 256,
            weight_tiles: 16,
            link_width: 64,
            link_clock: LinkClock::Sync,
            zero_gating: true,
            masks: false,
        }
    }
}

/// A rule that an [`ArchSpec`] breaks.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{field}` is {value}; {rule}")]
pub struct ArchError {
    /// The field, as in a config file.
    pub field: &'static str,
    /// Its value.
    pub value: String,
    /// The rule, with the reason or the remedy.
    pub rule: String,
}

/// An accelerator that can be built. Only [`ArchSpec::check`] makes one; nothing past it checks again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arch {
    /// Dataflow of the array.
    pub dataflow: Dataflow,
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

impl ArchSpec {
    /// The trusted form of this spec, or every rule that it breaks.
    pub fn check(&self) -> Result<Arch, Vec<ArchError>> {
        let mut errors = Vec::new();
        let mut require = |ok: bool, field, value: usize, rule: &str| {
            if !ok {
                errors.push(ArchError { field, value: value.to_string(), rule: rule.into() });
            }
        };
        require(self.rows > 0, "rows", self.rows, "the array needs at least one PE in each direction");
        require(self.cols > 0, "cols", self.cols, "the array needs at least one PE in each direction");
        require(self.rows <= MAX_SIDE, "rows", self.rows, "at most 256 rows share the networks; use more columns");
        require(self.cols <= MAX_SIDE, "cols", self.cols, "at most 256 columns share the networks; use more rows");
        let width_is_good = WIDTHS.contains(&self.width);
        require(width_is_good, "width", self.width, "words are 2 to 32 bits wide");
        let psum_width = if self.psum_width == 0 { self.width.saturating_mul(2) } else { self.psum_width };
        let psum_width_is_good = PSUM_WIDTHS.contains(&psum_width);
        // Twice a width that is refused is nobody's mistake but the width's.
        let is_given = self.psum_width != 0;
        require(psum_width_is_good || !is_given, "psum_width", psum_width, "psums are 2 to 64 bits wide");
        require(
            psum_width >= self.width || !width_is_good || !psum_width_is_good,
            "psum_width",
            psum_width,
            "a psum is at least as wide as a word (`width`), for a requantised result to fit in it",
        );
        require((1..=4096).contains(&self.glb_kb), "glb_kb", self.glb_kb, "the buffer has 1 to 4096 KiB");
        require(
            (1..=256).contains(&self.ifmap_spad),
            "ifmap_spad",
            self.ifmap_spad,
            "an ifmap spad has 1 to 256 words",
        );
        require(
            (1..=4096).contains(&self.filter_spad),
            "filter_spad",
            self.filter_spad,
            "a filter spad has 1 to 4096 words",
        );
        require((1..=256).contains(&self.psum_spad), "psum_spad", self.psum_spad, "a psum spad has 1 to 256 words");
        require(
            (16..=4096).contains(&self.accumulators),
            "accumulators",
            self.accumulators,
            "half a column's accumulator has 16 to 4096 psums",
        );
        require(
            (2..=1024).contains(&self.weight_tiles),
            "weight_tiles",
            self.weight_tiles,
            "a weight buffer has 2 to 1024 weight tiles: one in use, and one at least that is loaded",
        );
        require(
            [32, 64, 128].contains(&self.link_width),
            "link_width",
            self.link_width,
            "the AXI4 link is 32, 64 or 128 bits wide",
        );
        if let Some(style) = self.os_style.filter(|_| self.dataflow != Dataflow::Os) {
            let rule = "only output-stationary arrays have a style; leave it out, or build with `--dataflow os`".into();
            errors.push(ArchError { field: "os_style", value: style.to_string(), rule });
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let lane_width = self.width.max(psum_width.div_ceil(LANES));
        let psum_lanes = [4, 2, 1].into_iter().find(|k| lane_width * (LANES / k) >= psum_width).unwrap_or(1);
        let bytes = self.glb_kb * 1024;
        let staging_bytes = bytes * 2 / 27;
        let staging_lines = (staging_bytes * 8 / (FILTER_BUS_WORDS * self.width)).max(16);
        let bank_bytes = BANK_LINES * LANES * lane_width / 8;
        let banks = ((bytes - staging_bytes) / bank_bytes).max(2);
        let os_style = self.os_style.unwrap_or_default();
        let ports = ifmap_ports(self.dataflow, os_style, self.rows);
        if self.dataflow.core() == CoreKind::Matrix && banks <= ports {
            let rule = format!(
                "each of the {} rows reads a bank of its own, and psums need one more, but this is {banks} banks; \
                 raise it to {} or build fewer rows",
                self.rows,
                ((self.rows + 1) * bank_bytes * 27).div_ceil(25 * 1024)
            );
            errors.push(ArchError { field: "glb_kb", value: self.glb_kb.to_string(), rule });
        }
        if self.dataflow == Dataflow::Is && self.accumulators < self.rows {
            let rule = format!(
                "each of the {} rows has a bank of a column's accumulators; raise it to {} or build fewer rows",
                self.rows, self.rows
            );
            errors.push(ArchError { field: "accumulators", value: self.accumulators.to_string(), rule });
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Arch {
            dataflow: self.dataflow,
            os_style,
            rows: self.rows,
            cols: self.cols,
            width: self.width,
            psum_width,
            banks,
            lane_width,
            psum_lanes,
            staging_lines,
            ifmap_spad: self.ifmap_spad,
            filter_spad: self.filter_spad,
            psum_spad: self.psum_spad,
            accumulators: self.accumulators,
            weight_tiles: self.weight_tiles,
            link_width: self.link_width,
            link_clock: self.link_clock,
            zero_gating: self.zero_gating,
            masks: self.masks,
        })
    }
}

/// Bytes that a value of `bits` bits takes in DRAM: 1, 2, 4 or 8, sign-extended, little-endian.
pub fn container_bytes(bits: usize) -> usize {
    bits.div_ceil(8).next_power_of_two()
}

/// Ifmap words that the core of such an array reads in a cycle.
fn ifmap_ports(dataflow: Dataflow, os_style: OsStyle, rows: usize) -> usize {
    match (dataflow.core(), dataflow, os_style) {
        (CoreKind::RowStationary, ..) | (_, Dataflow::Os, OsStyle::MopSop) => 1,
        (CoreKind::Matrix, ..) => rows,
    }
}

impl Arch {
    /// The style of an output-stationary array.
    pub fn os(&self) -> Option<OsStyle> {
        (self.dataflow == Dataflow::Os).then_some(self.os_style)
    }
    /// Whether all PEs work on one pixel of the ofmap, each on a filter of its own.
    pub fn is_of_pixels(&self) -> bool {
        self.os() == Some(OsStyle::MopSop)
    }
    /// Filters that a pass works on at the most: a column of PEs each, or a PE.
    pub fn pass_filters(&self) -> usize {
        if self.is_of_pixels() {
            self.pes()
        } else {
            self.cols
        }
    }
    /// Number of PEs.
    pub fn pes(&self) -> usize {
        self.rows * self.cols
    }
    /// Ifmap words that the core reads from the buffer in a cycle, each through a port of its own: one of all ifmap banks, or one a row
    /// of PEs, of the banks of that row.
    pub fn ifmap_ports(&self) -> usize {
        ifmap_ports(self.dataflow, self.os_style, self.rows)
    }
    /// Whether a layer decides which banks hold ifmaps and which psums; otherwise each ifmap port has banks of its own.
    pub fn banks_are_shared(&self) -> bool {
        self.dataflow.core() == CoreKind::RowStationary
    }
    /// Banks of each ifmap port, if there are several: port v has the `port_banks` banks from bank `v · port_banks` on. Psums get
    /// about a quarter of the banks, at least one.
    pub fn port_banks(&self) -> usize {
        (self.banks * 3 / 4 / self.ifmap_ports()).max(1)
    }
    /// Words of the banks of an ifmap port, if there are several.
    pub fn port_words(&self) -> usize {
        self.port_banks() * BANK_LINES * LANES
    }
    /// Steps for which the weight buffer of an output- or input-stationary array has weights, one for each column: at least so many that a filter of
    /// [`LEAST_WEIGHT_STEPS`] rows is run by the smallest array. Where each PE has a filter, a weight tile is a step.
    pub fn weight_steps(&self) -> usize {
        let steps = if self.is_of_pixels() { 1 } else { self.rows };
        (self.weight_tiles * steps).max(LEAST_WEIGHT_STEPS)
    }
    /// Psums of half a bank of a column's accumulators, where each row has a bank.
    pub fn bank_places(&self) -> usize {
        (self.accumulators / self.rows).max(1)
    }
    /// Channels whose weights an array that multiplies by a matrix takes at a time: a row of PEs each, or, where rows are rows of a feature map, one.
    pub fn channels_at_a_time(&self) -> usize {
        match self.dataflow {
            Dataflow::Os | Dataflow::Is => 1,
            _ => self.rows,
        }
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
