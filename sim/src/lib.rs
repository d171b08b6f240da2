pub mod data;
pub mod engine;
pub mod golden;
pub mod host;
pub mod networks;
pub mod npy;
pub mod shape;
pub mod tensor;
