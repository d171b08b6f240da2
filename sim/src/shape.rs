//! The shape of a layer and its numbers, which the mapper and the simulators share.

pub use gen::numerics::{signed_range, Numerics, NumericsError, Output, Requant};
pub use gen::problems::Problems;
pub use gen::shape::{times, ConvShape, ShapeError};
