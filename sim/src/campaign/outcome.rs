//! What came of a draw.

use super::case::Case;
use gen::mapper::{AnyMapping, Compression, Link};
use gen::numerics::Output;
use gen::shape::ConvShape;
use hw::{ArchSpec, LinkClock};
use serde::Serialize;

/// What came of a draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// Every output equals golden, and every count what was predicted.
    Equal {
        /// The hardware's count of cycles.
        cycles: u64,
    },
    /// Refused, as it must be, with the right message or cause.
    Refused,
    /// Outputs differ from golden.
    Mismatch { what: String },
    /// A count is not what was predicted.
    Counts { what: String },
    /// No end.
    Hang { what: String },
    /// Anything else: refused though good, not refused though bad, a wrong message, a broken protocol.
    Failed { what: String },
}

impl Outcome {
    /// What is wrong, if anything is.
    pub fn fault(&self) -> Option<&str> {
        match self {
            Outcome::Equal { .. } | Outcome::Refused => None,
            Outcome::Mismatch { what }
            | Outcome::Counts { what }
            | Outcome::Hang { what }
            | Outcome::Failed { what } => Some(what),
        }
    }

    /// In a word or two.
    pub fn name(&self) -> &'static str {
        match self {
            Outcome::Equal { .. } => "equal",
            Outcome::Refused => "refused",
            Outcome::Mismatch { .. } => "mismatch",
            Outcome::Counts { .. } => "wrong count",
            Outcome::Hang { .. } => "hang",
            Outcome::Failed { .. } => "failure",
        }
    }
}

/// A draw and what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// Its number.
    pub draw: u64,
    /// The design.
    pub design: ArchSpec,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The layer and its surroundings, if they were drawn.
    pub layer: Option<LayerRecord>,
}

/// What a draw ran, as a result file shows it.
#[derive(Clone, Debug, Serialize)]
pub struct LayerRecord {
    pub shape: ConvShape,
    pub mapping: AnyMapping,
    /// The mapping is not what the search found.
    pub by_chance: bool,
    pub output: &'static str,
    pub ofmap_bytes: usize,
    pub psum_shift: u32,
    pub zeros: f64,
    /// Which feature maps are to be compressed in memory, and whether one is: an ofmap of raw psums never is.
    pub compression: Compression,
    pub is_compressed: bool,
    /// Speed of the memory, in cycles of the link.
    pub link: Link,
    /// Cycles of the link in cycles of the core.
    pub ratio: (u32, u32),
    pub jitter: Option<u64>,
    pub outstanding: usize,
    pub reset_at: Option<u64>,
    /// Cycles that the mapper predicts.
    pub predicted: u64,
}

impl Record {
    pub(super) fn new(draw: u64, spec: &ArchSpec, case: Option<&Case>, outcome: Outcome) -> Record {
        let layer = case.map(|case| LayerRecord {
            shape: case.shape,
            mapping: case.mapping,
            by_chance: case.by_chance,
            output: if case.output == Output::Raw { "raw" } else { "requantised" },
            ofmap_bytes: case.ofmap_bytes,
            psum_shift: case.numerics.psum_shift,
            zeros: case.zeros,
            compression: case.compression,
            is_compressed: case.is_compressed(),
            link: Link { latency: case.timing.latency, bandwidth: case.timing.bandwidth },
            ratio: case.timing.ratio,
            jitter: case.timing.jitter,
            outstanding: case.timing.outstanding,
            reset_at: case.reset_at,
            predicted: case.predicted,
        });
        Record { draw, design: spec.clone(), outcome, layer }
    }

    /// By how much more than the hardware counts the mapper predicts, as a fraction; for regular memories, which it knows, plain feature
    /// maps, of which no data need be known, and a link without a clock of its own.
    pub fn cycle_error(&self) -> Option<f64> {
        match (&self.outcome, &self.layer) {
            (Outcome::Equal { cycles }, Some(layer))
                if layer.jitter.is_none() && !layer.is_compressed && self.design.link_clock == LinkClock::Sync =>
            {
                Some(layer.predicted as f64 / *cycles as f64 - 1.0)
            }
            _ => None,
        }
    }
}
