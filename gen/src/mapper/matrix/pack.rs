//! The filters in the order of their use.

use super::schedule::Step;
use super::MatrixPlan;
use hw::arch::FILTER_BUS_WORDS;
use std::ops::Range;

/// The filters (m × c/groups × r × s, in C order) in the order in which the array takes them, with zeros for columns without a filter:
/// for each pass of an ofmap tile, for each channel group, filter row and filter column, for each channel (a row of PEs), lines of four filters; with convolution engines for each channel group, piece of the filter and tap, the last one first, for each channel (an engine); in
/// an output- or input-stationary array for each channel, filter column (of the pass) and filter row. Where each PE has a filter, these are the lines of one row of PEs after the other.
/// Where all PEs work on one plane, a line has the weights of four steps.
pub fn pack_filters(plan: &MatrixPlan, filter: &[i64]) -> Vec<u8> {
    if plan.is_of_planes() {
        return plan.steps().iter().flat_map(|step| plane_filter(plan, filter, step)).collect();
    }
    let (shape, size) = (&plan.shape, plan.arch.word_bytes());
    let (c, row_filters) = (shape.c_per_group(), plan.row_filters());
    let words = row_filters.next_multiple_of(FILTER_BUS_WORDS);
    let mut bytes = Vec::with_capacity(plan.filter_bytes());
    let mut line = |channel: usize, tap: usize, filters: &Range<usize>| {
        for first in (filters.start..).step_by(row_filters).take(plan.filter_rows()) {
            let end = filters.end.min(first + row_filters);
            for m in first..first + words {
                let at = (m * c + channel) * shape.r * shape.s + tap;
                let value = if m < end { filter[at] } else { 0 };
                bytes.extend_from_slice(&value.to_le_bytes()[..size]);
            }
        }
    };
    for step in &plan.steps() {
        let channels: Vec<usize> = plan.channels(step).map(|channel| channel - step.group * c).collect();
        let filters = plan.filters(step);
        if plan.is_of_steps() || plan.is_of_inputs() {
            let pairs = channels.iter().flat_map(|channel| step.columns.clone().map(move |s| (*channel, s)));
            for (channel, s) in pairs {
                for r in step.rows.clone() {
                    line(channel, r * shape.s + s, &filters);
                }
            }
            continue;
        }
        let taps = if plan.is_of_engines() { plan.taps_in_order() } else { (0..shape.r * shape.s).collect() };
        for group in channels.chunks(plan.arch.channels_at_a_time()) {
            for tap in &taps {
                for channel in group {
                    line(*channel, *tap, &filters);
                }
            }
        }
    }
    bytes
}

/// The filter of a pass, a word for each step, with zeros behind the last line's.
fn plane_filter(plan: &MatrixPlan, filter: &[i64], step: &Step) -> Vec<u8> {
    let (shape, size) = (&plan.shape, plan.arch.word_bytes());
    let (c, taps) = (shape.c_per_group(), plan.taps_of_planes(step.rows.clone()));
    let first = plan.filters(step).start * c;
    let channels = plan.channels(step).map(|channel| first + channel - step.group * c);
    let words = channels.flat_map(|channel| taps.iter().map(move |tap| filter[channel * shape.r * shape.s + tap]));
    let mut bytes: Vec<u8> = words.flat_map(|word| word.to_le_bytes().into_iter().take(size)).collect();
    bytes.resize(bytes.len().next_multiple_of(plan.filter_line_bytes()), 0);
    bytes
}
