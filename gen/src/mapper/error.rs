//! Why a layer or a mapping does not run on an array: the limit, and the option that lifts it.

use crate::numerics::NumericsError;
use crate::problems::Problems;
use crate::shape::ShapeError;
use thiserror::Error;

/// What is wrong with a mapping for a shape and an array, or with a program that would be made of it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MapError {
    /// The shape is none.
    #[error(transparent)]
    Shape(#[from] Problems<ShapeError>),
    /// The output stage's numbers are none.
    #[error(transparent)]
    Numerics(#[from] Problems<NumericsError>),
    #[error("`{field}` is 0; every size of a mapping is at least 1")]
    Zero { field: &'static str },
    #[error("`{field}` is {value}, over the {max} {of}; lower it")]
    Range { field: &'static str, value: usize, max: usize, of: &'static str },
    #[error("{what} = {need} {unit} are over the {have} of a PE's {spad} spad; build with `--{option} {need}` or more, or lower {lower}")]
    Spad {
        what: String,
        need: usize,
        have: usize,
        unit: &'static str,
        spad: &'static str,
        option: &'static str,
        lower: &'static str,
    },
    #[error("{what} = {need} PEs are over the array's {have} {side}; build with `--{side} {need}` or more, or lower {lower}")]
    Array { what: String, need: usize, have: usize, side: &'static str, lower: &'static str },
    #[error("`groups` is {groups}, which asks for {rule}; {found}")]
    SideBySide { groups: usize, rule: &'static str, found: String },
    #[error("`m` is {m}, less than the {pass} = `p` · `t_rows` · `t_cols` filters of a pass; raise it to {pass}")]
    FewerThanAPass { m: usize, pass: usize },
    #[error("{tiles} of {words} words need {need} banks; `ifmap_banks` is {have} of {banks}; raise it, lower {lower}, or build with a larger `--glb-kb`")]
    IfmapBanks { tiles: String, words: usize, need: usize, have: usize, banks: usize, lower: &'static str },
    #[error("the psums of `m` = {m} filters take {need} lines; {banks} of the buffer's banks hold {have}; lower `ifmap_banks`, `m`, `e` or `windows`, or build with a larger `--glb-kb`")]
    PsumBanks { m: usize, need: usize, have: usize, banks: usize },
    #[error("this mapping is for an array of dataflow {wanted}, which this accelerator is not; build with `--dataflow {option}`")]
    Dataflow { wanted: &'static str, option: &'static str },
    #[error("`channels` is {channels}; a tile has all {all} channels of a group or a multiple of the array's {at_a_time} {of}; make it one of these")]
    Channels { channels: usize, at_a_time: usize, of: &'static str, all: usize },
    #[error("`windows` = {pixels} pixels of a row, those before its first window included, are over the {have} of a row FIFO; lower `windows`, or build with `--row-fifo {pixels}` or more")]
    RowFifo { pixels: usize, have: usize },
    #[error("`n` · `e` · `windows` = {positions} psums are over the {have} of a column's accumulator; lower one of them, or build with larger `accumulators`")]
    Accumulators { positions: usize, have: usize },
    #[error("`n` · `e` · `windows` · ⌈`m` = {m} / {cols} columns⌉ = {psums} psums are over the {have} of a column's accumulator; lower one of them, or build with larger `accumulators`")]
    PixelAccumulators { psums: usize, m: usize, cols: usize, have: usize },
    #[error("`n` · `e` · ⌈`windows` = {windows} / {cols} columns⌉ = {psums} psums are over the {have} of a column's accumulator; lower one of them, or build with larger `accumulators`")]
    PlaneAccumulators { psums: usize, windows: usize, cols: usize, have: usize },
    #[error("`n` · ⌈`e` / {rows} rows⌉ · `windows` = {places} psums are over the {have} of a bank of a column's accumulators; lower one of them, or build with `--accumulators {need}` or more")]
    Banks { places: usize, rows: usize, have: usize, need: usize },
    #[error("{tiles} of {words} words in each port need {need} words; it has {have}; lower `tiles`, `n`, `e`, `windows` or `channels`, or build with a larger `--glb-kb`")]
    Port { tiles: String, words: usize, need: usize, have: usize },
    #[error("the psums of a pass take {need} lines; the buffer's banks for psums have {have}; lower `m`, `n`, `e` or `windows`, or build with a larger `--glb-kb`")]
    MatrixPsums { need: usize, have: usize },
    #[error("a filter row's {cols} words of a channel take {words} steps in whole lines of the weight buffer, over the {have} for which it has weights; build with `--weight-tiles {tiles}` or more")]
    PlaneWeights { cols: usize, words: usize, have: usize, tiles: usize },
    #[error("not even the smallest mapping fits: {0}")]
    Unmapped(Problems<MapError>),
    /// Masks where the array was not built for them.
    #[error("`masks` is false: this array compresses feature maps by runs alone; build it with --masks, or use runs")]
    Masks,
    #[error("{what} is {value}, over the largest that a program can say, {max}; {remedy}")]
    Limit { what: &'static str, value: u64, max: u64, remedy: &'static str },
    #[error(
        "`{field}` of the layer is {value}, but this accelerator is built for {built}; build with `--{option} {value}`"
    )]
    Built { field: &'static str, value: u32, built: usize, option: &'static str },
    #[error("address {address:#x} of the {what} is not a multiple of {align}; align it")]
    Address { what: &'static str, address: u64, align: u64 },
}
