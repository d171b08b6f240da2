//! The sequencer's blocks against plain models, each with random parameters and random stalls, and all of them together.

mod filters;
mod ifmap;
mod model;
mod psums;
mod whole;
