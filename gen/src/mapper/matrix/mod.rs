//! The mapper of arrays that multiply by a matrix, weight, output or input stationary or without local reuse: [`MatrixMapping`] ── check ──> [`MatrixPlan`] ── [`build`] ──> `LayerProgram`.
//!
//! | file | what it decides |
//! |---|---|
//! | `mapping`, `rules`, `plan` | the choices; what makes them legal; what follows from them |
//! | `blocks` | what is different where the rows of an array are rows of a feature map |
//! | `held` | what is different where they hold words of the ifmap |
//! | `planes` | what is different where all PEs work on one plane of the ofmap |
//! | `height_segments` | which filters are cut by their rows |
//! | `engines` | what is different where they are taps of convolution engines |
//! | `schedule`, `build` | the order of passes and what they read; the commands and the semaphores between them |
//! | `load`, `slots` | how a tile is spread over the ports; where the parts of compressed tensors lie |
//! | `pack` | the filters in the order of their use |
//! | `cost`, `search` | how long a plan takes; which mapping is best |
//! | `counts`, `tally` | the counts of a pass, without running it; those of a plan, without its program |
//! | `costed` | accesses at each level |

mod blocks;
mod build;
mod cost;
mod costed;
mod counts;
mod engines;
mod height_segments;
mod held;
mod load;
mod mapping;
mod pack;
mod plan;
mod planes;
mod rules;
mod schedule;
mod search;
mod slots;
mod tally;

pub use build::{build, place};
pub use cost::estimate;
pub use mapping::MatrixMapping;
pub use pack::pack_filters;
pub use plan::MatrixPlan;
pub use search::{quick_search, search};
