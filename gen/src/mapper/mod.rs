//! The mapper: from a layer's shape and a built accelerator to a mapping, and from a mapping to the program that runs it.
//!
//! ```text
//! ConvShape, Arch ── map ──> Mapping ── check ──> Plan ── build ──> LayerProgram
//! ```
//!
//! - [`Mapping`]: the choices, in the field's letters (`p q r t e n m` and how the layer is cut). [`map`] makes a good one; a person can write one.
//! - [`Plan`]: a mapping that the array can run, with every size that follows from it. Only [`Mapping::check`] makes one.
//! - [`LayerProgram`]: the commands of `hw::program`, and what the hardware's counters will show.
//!
//! | file | what it decides |
//! |---|---|
//! | `by_hand` | mappings as a person writes them |
//! | `mapping`, `rules`, `plan` | the choices; what makes them legal; what follows from them |
//! | `search` | which choices are best |
//! | `cost`, `pace`, `timeline`, `link` | how long a plan takes: in closed form, and command by command |
//! | `twin`, `predict` | the accelerator's control, cycle by cycle; how long a plan takes by it |
//! | `overheads` | the measured constants of closed forms and timeline |
//! | `costed` | what a plan of any dataflow costs: cycles, counts, accesses; the one interface |
//! | `tally`, `energy` | the counts of a plan without its program; accesses at each level, and their energy by ISCA 2016 |
//! | `layer_energy` | energy by level and by what is moved at each |
//! | `energy_table` | their energy by any table of costs, with widths, zeros and sizes of memories |
//! | `placement`, `tables` | which PE does what; the tables and the configuration chain that say so |
//! | `window` | which part of the ifmap a pass reads |
//! | `schedule`, `emit`, `build` | the order of passes and transfers; the semaphores between them; the commands |
//! | `writing` | what programs of all dataflows have in common |
//! | `part`, `slots` | what a command moves of a tensor; where the parts of compressed ones lie |
//! | `pack` | tensors as bytes in DRAM; the filters in the order of their use |
//! | `counts` | the counts of a program, without running it |
//! | `dataflows` | mappings, plans and programs of any dataflow |
//! | `matrix` | all of this for arrays that multiply by a matrix: weight, output and input stationary, no local reuse |

mod build;
mod by_hand;
mod command;
mod cost;
mod costed;
mod counts;
mod dataflows;
mod emit;
pub(crate) mod energy;
mod energy_table;
mod error;
mod layer_energy;
mod layout;
mod link;
mod mapping;
pub mod matrix;
mod overheads;
mod pace;
mod pack;
mod part;
mod placement;
mod plan;
mod predict;
mod rules;
mod schedule;
mod search;
mod slots;
mod tables;
mod tally;
mod timeline;
mod twin;
mod window;
mod writing;

pub use build::{build, LayerProgram, ReadBeats};
pub use by_hand::MappingSpec;
pub use cost::{estimate, Bound, Cost};
pub use costed::{Costed, Memories};
pub use counts::Counts;
pub use dataflows::{quick_map_any, quick_search_any, search_any, AnyMapping, AnyPlan};
pub use energy::{Accesses, Energy, EnergyByType, Words};
pub use energy_table::{EnergyTable, TableError};
pub use error::MapError;
pub use layer_energy::{LayerEnergy, Split};
pub use layout::{place, Compression, Layout};
pub use link::Link;
pub use mapping::{Mapping, TileCols, TileRows};
pub use pack::{pack_filters, pack_params, pack_words, unpack_words};
pub use part::Part;
pub use placement::Cell;
pub use plan::{Plan, PsumArea, Tile};
pub use predict::cycles_with_data;
pub(crate) use search::Cut;
pub use search::{map, quick_map, quick_search, search, Goal, Objective};
pub use slots::Slot;
pub use tally::tally;
pub use twin::{Codes, Content};
pub use window::TileWindow;
