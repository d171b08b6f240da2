pub mod mapper;
pub mod numerics;
pub mod problems;
pub mod shape;
pub mod verilog;
