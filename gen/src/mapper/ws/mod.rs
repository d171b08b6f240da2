//! The mapper of weight-stationary arrays: [`WsMapping`] ── check ──> [`WsPlan`] ── [`build`] ──> `LayerProgram`.
//!
//! | file | what it decides |
//! |---|---|
//! | `mapping`, `rules`, `plan` | the choices; what makes them legal; what follows from them |
//! | `schedule`, `build` | the order of passes and what they read; the commands and the semaphores between them |
//! | `pack` | the filters in the order of their use |
//! | `cost`, `search` | what a mapping costs; which one is best |
//! | `counts` | the counts of a pass, without running it |

mod build;
mod cost;
mod counts;
mod mapping;
mod pack;
mod plan;
mod rules;
mod schedule;
mod search;

pub use build::{build, place};
pub use cost::estimate;
pub use mapping::WsMapping;
pub use pack::pack_filters;
pub use plan::WsPlan;
pub use search::search;
