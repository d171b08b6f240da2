//! Layers through generated accelerators: workloads, the golden convolution, engines and the host around them.

pub mod area;
pub mod calibrate;
pub mod campaign;
pub mod charts;
pub mod cli;
pub mod compare;
pub mod data;
pub mod energy;
pub mod engine;
pub mod files;
pub mod golden;
pub mod host;
pub mod image;
pub mod machine;
pub mod mapping_report;
pub mod networks;
pub mod npy;
pub mod page;
pub mod published;
pub mod random;
pub mod report;
pub mod shape;
pub mod slots;
pub mod tensor;
pub mod traffic;
pub mod waves;
