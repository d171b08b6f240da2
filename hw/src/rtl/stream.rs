use super::prelude::*;

/// The sending end of a stream: a word moves at each rising edge with `valid` and `ready` both high.
///
/// `valid` never waits for `ready`, and the payload holds until it has moved.
#[derive(Clone, Debug, LogicInterface)]
#[join = "StreamIn"]
pub struct StreamOut {
    pub payload: Wire<Out>,
    pub valid: Wire<Out>,
    pub ready: Wire<In>,
}

/// The receiving end of a stream.
#[derive(Clone, Debug, LogicInterface)]
#[join = "StreamOut"]
pub struct StreamIn {
    pub payload: Wire<In>,
    pub valid: Wire<In>,
    pub ready: Wire<Out>,
}

impl StreamOut {
    /// A stream of `bits`-bit words.
    pub fn new(bits: usize, signed: bool) -> Self {
        StreamOut { payload: Wire::of(bits, signed), valid: Wire::bit(), ready: Wire::bit() }
    }
}

impl StreamIn {
    /// A stream of `bits`-bit words.
    pub fn new(bits: usize, signed: bool) -> Self {
        StreamIn { payload: Wire::of(bits, signed), valid: Wire::bit(), ready: Wire::bit() }
    }
}
