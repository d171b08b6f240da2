//! Tensors as bytes in DRAM.

use super::layout::PARAM_BYTES;
use super::plan::Plan;
use super::schedule::Step;
use crate::numerics::Output;
use hw::arch::{container_bytes, FILTER_BUS_WORDS};

/// `values` of `bits` bits in containers of 1, 2, 4 or 8 bytes, little-endian, sign-extended.
pub fn pack_words(values: impl IntoIterator<Item = i64>, bits: usize) -> Vec<u8> {
    let size = container_bytes(bits);
    values.into_iter().flat_map(|value| value.to_le_bytes().into_iter().take(size)).collect()
}

/// The values in containers for `bits` bits.
pub fn unpack_words(bytes: &[u8], bits: usize) -> Vec<i64> {
    let size = container_bytes(bits);
    let word = |bytes: &[u8]| {
        let mut wide = [if bytes[size - 1] & 0x80 == 0 { 0 } else { 0xff }; 8];
        wide[..size].copy_from_slice(bytes);
        i64::from_le_bytes(wide)
    };
    bytes.chunks_exact(size).map(word).collect()
}

/// Bias, scale and shift of each ofmap channel; `bias` has `m` values.
pub fn pack_params(bias: &[i64], output: &Output) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(bias.len() * PARAM_BYTES);
    for (channel, bias) in bias.iter().enumerate() {
        let (scale, shift) = match output {
            Output::Raw => (1, 0),
            Output::Quantised(requant) => (requant.scale(channel), requant.shift(channel)),
        };
        bytes.extend(bias.to_le_bytes());
        bytes.extend(scale.to_le_bytes());
        bytes.extend(shift.to_le_bytes());
    }
    bytes
}

/// The filters (m × c/groups × r × s, in C order) in the order in which the filter walker takes them, with zeros for all that does not
/// exist: for each pass of a strip, for each line of a PE's words, for each column tag, for each row tag, four words.
/// A PE's words are ordered by filter, column, channel; a last line of fewer than four has them in its upper places, behind zeros.
pub fn pack_filters(plan: &Plan, filter: &[i64]) -> Vec<u8> {
    let (size, mapping) = (plan.arch.word_bytes(), &plan.mapping);
    let mut bytes = Vec::with_capacity(plan.filter_bytes());
    for step in &plan.steps() {
        for line in 0..plan.filter_lines() {
            let words = line * FILTER_BUS_WORDS..plan.filter_words().min((line + 1) * FILTER_BUS_WORDS);
            let zeros = FILTER_BUS_WORDS - words.len();
            for x in 0..mapping.t_cols {
                for y in 0..mapping.t_rows * mapping.stack() {
                    let (set, layer, row) = plan.filter_of_tag(y, x);
                    bytes.resize(bytes.len() + zeros * size, 0);
                    for word in words.clone() {
                        let index = element(plan, step, set, layer, row, word);
                        let value = index.map_or(0, |index| filter[index]);
                        bytes.extend_from_slice(&value.to_le_bytes()[..size]);
                    }
                }
            }
        }
    }
    bytes
}

/// Where in the filter tensor word `word` of a PE lies, if it does.
fn element(plan: &Plan, step: &Step, set: usize, layer: usize, row: usize, word: usize) -> Option<usize> {
    let (shape, mapping) = (&plan.shape, &plan.mapping);
    let (c, m) = (shape.c_per_group(), shape.m_per_group());
    let (filter, tap) = (word / mapping.taps(), word % mapping.taps());
    let (within, group) = match mapping.groups {
        1 => (step.filter_group * mapping.pass_filters() + set * mapping.p, step.group_turn),
        groups => (set % plan.group_sets() * mapping.p, step.group_turn * groups + plan.set_group(set)),
    };
    let filter_in_group = within + filter;
    let channel = (step.channel_group * mapping.r + layer) * mapping.q + tap % mapping.q;
    let row = step.height_segment * mapping.filter_rows + row;
    let col = step.width_segment * mapping.filter_cols + tap / mapping.q;
    let exists = filter < mapping.p
        && group < shape.groups
        && filter_in_group < m
        && channel < c
        && row < shape.r
        && col < shape.s;
    exists.then(|| (((group * m + filter_in_group) * c + channel) * shape.r + row) * shape.s + col)
}
