//! The mapper of arrays that multiply by a matrix, weight stationary or without local reuse: [`MatrixMapping`] ── check ──> [`MatrixPlan`] ── [`build`] ──> `LayerProgram`.
//!
//! | file | what it decides |
//! |---|---|
//! | `mapping`, `rules`, `plan` | the choices; what makes them legal; what follows from them |
//! | `schedule`, `build` | the order of passes and what they read; the commands and the semaphores between them |
//! | `pack` | the filters in the order of their use |
//! | `cost`, `search` | how long a plan takes; which mapping is best |
//! | `counts`, `tally` | the counts of a pass, without running it; those of a plan, without its program |
//! | `costed` | accesses at each level |

mod build;
mod cost;
mod costed;
mod counts;
mod mapping;
mod pack;
mod plan;
mod rules;
mod schedule;
mod search;
mod tally;

pub use build::{build, place};
pub use cost::estimate;
pub use mapping::MatrixMapping;
pub use pack::pack_filters;
pub use plan::MatrixPlan;
pub use search::{quick_search, search};
