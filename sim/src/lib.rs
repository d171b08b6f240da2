pub mod data;
pub mod golden;
pub mod networks;
pub mod npy;
pub mod shape;
pub mod tensor;
