//! A design as it is written down, and the rules that it must keep.

use super::{ifmap_ports, Arch, Conv2d, CoreKind, Dataflow, LinkClock, WsStyle};
use super::{BANK_LINES, FILTER_BUS_WORDS, KERNEL, LANES, MAX_SIDE, ROW_FIFO};
use crate::os::OsStyle;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use thiserror::Error;

/// Allowed width of an ifmap and a filter word, bits.
const WIDTHS: RangeInclusive<usize> = 2..=32;
/// Allowed width of a psum, bits.
const PSUM_WIDTHS: RangeInclusive<usize> = 2..=64;
/// Allowed rows and columns of a convolution engine.
const KERNELS: RangeInclusive<usize> = 2..=16;

/// An accelerator as a user writes it down: every size that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ArchSpec {
    /// Dataflow of the array.
    pub dataflow: Dataflow,
    /// What a weight-stationary array is.
    #[serde(skip_serializing_if = "is_systolic")]
    pub ws_style: WsStyle,
    /// Rows and columns of weights that a convolution engine holds of a filter: the array has a row for each, times the channels that it works on side by side.
    #[serde(skip_serializing_if = "is_usual_kernel")]
    pub kernel: usize,
    /// Pixels of a row of an ifmap tile, with its padding, that a row FIFO of a convolution engine holds.
    #[serde(skip_serializing_if = "is_usual_row_fifo")]
    pub row_fifo: usize,
    /// Which outputs an output-stationary array works on at a time.
    #[serde(skip_serializing_if = "is_usual_os_style")]
    pub os_style: OsStyle,
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

// A design is written without the styles that it does not have, and what belongs to them.
fn is_systolic(style: &WsStyle) -> bool {
    *style == WsStyle::Systolic
}

fn is_usual_os_style(style: &OsStyle) -> bool {
    *style == OsStyle::MopMop
}

fn is_usual_kernel(kernel: &usize) -> bool {
    *kernel == KERNEL
}

fn is_usual_row_fifo(row_fifo: &usize) -> bool {
    *row_fifo == ROW_FIFO
}

impl Default for ArchSpec {
    fn default() -> Self {
        ArchSpec {
            dataflow: Dataflow::Rs,
            ws_style: WsStyle::Systolic,
            kernel: KERNEL,
            row_fifo: ROW_FIFO,
            os_style: OsStyle::MopMop,
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
        let is_conv2d = self.ws_style == WsStyle::Conv2d;
        require(
            KERNELS.contains(&self.kernel),
            "kernel",
            self.kernel,
            "a convolution engine has 2 to 16 rows and columns",
        );
        require(
            (16..=4096).contains(&self.row_fifo),
            "row_fifo",
            self.row_fifo,
            "a row FIFO of a convolution engine has 16 to 4096 pixels",
        );
        if is_conv2d && self.dataflow != Dataflow::Ws {
            errors.push(ArchError {
                field: "ws_style",
                value: "conv2d".into(),
                rule:
                    "a style of weight-stationary arrays alone; build with `--dataflow ws`, or leave `--ws-style` out"
                        .into(),
            });
        }
        let taps = self.kernel.saturating_mul(self.kernel);
        let has_engines = is_conv2d && self.dataflow == Dataflow::Ws && KERNELS.contains(&self.kernel);
        if has_engines && !self.rows.is_multiple_of(taps) {
            let below = self.rows / taps * taps;
            let near = match below {
                0 => taps.to_string(),
                _ => format!("{below} or {}", below + taps),
            };
            let rule = format!(
                "convolution engines of {k} × {k} weights need {taps} rows each; build with `--rows {near}`, or another `--kernel`",
                k = self.kernel
            );
            errors.push(ArchError { field: "rows", value: self.rows.to_string(), rule });
        }
        if self.os_style != OsStyle::MopMop && self.dataflow != Dataflow::Os {
            let rule =
                "a style of output-stationary arrays alone; build with `--dataflow os`, or leave `--os-style` out"
                    .into();
            errors.push(ArchError { field: "os_style", value: self.os_style.to_string(), rule });
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
        let (of_rows, readers) =
            if is_conv2d { (self.rows / taps, "convolution engines") } else { (self.rows, "rows") };
        let ports = ifmap_ports(self.dataflow, self.os_style, of_rows);
        if self.dataflow.core() == CoreKind::Matrix && banks <= ports {
            let rule = format!(
                "each of the {ports} {readers} reads a bank of its own, and psums need one more, but this is {banks} banks; \
                 raise it to {} or build fewer rows",
                ((ports + 1) * bank_bytes * 27).div_ceil(25 * 1024)
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
            conv2d: is_conv2d.then_some(Conv2d { kernel: self.kernel, row_fifo: self.row_fifo }),
            os_style: self.os_style,
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
