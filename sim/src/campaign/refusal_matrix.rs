//! What must be refused of mappings to arrays that multiply by a matrix.

use super::refusal::{out_of_range, Refusal};
use crate::random::Random;
use gen::mapper::matrix::MatrixMapping;
use gen::shape::ConvShape;
use hw::{Arch, Dataflow};

/// A mapping, near to a good one.
pub fn bad_mapping(random: &mut Random, arch: &Arch, shape: &ConvShape, good: MatrixMapping) -> Option<Refusal> {
    match random.range(0, 3) {
        0 if arch.conv2d.is_some() => row_too_long(random, arch, shape, good),
        0 | 3 => bad_size(random, arch, shape, good),
        1 => too_many_positions(random, arch, shape, good),
        _ if arch.is_of_planes() => Some(filter_row_too_long(random, arch, shape, good)),
        _ => channels_in_part(random, arch, shape, good),
    }
}

/// A size that is 0, or over what it is a part of.
fn bad_size(random: &mut Random, arch: &Arch, shape: &ConvShape, mut mapping: MatrixMapping) -> Option<Refusal> {
    let (name, place, most) = match random.range(0, 5) {
        0 => ("n", &mut mapping.n, shape.n.min(256)),
        1 => ("m", &mut mapping.m, shape.m_per_group().min(arch.pass_filters())),
        2 => ("e", &mut mapping.e, shape.e().min(64)),
        3 => ("windows", &mut mapping.windows, shape.f().min(4096)),
        4 => ("channels", &mut mapping.channels, shape.c_per_group()),
        _ => ("tiles", &mut mapping.tiles, 2),
    };
    let must_say = out_of_range(random, name, place, most);
    Some(Refusal::of(mapping.check(shape, arch), must_say))
}

/// A tile of more positions than a column's accumulator has psums, or, where its rows are dealt to banks, of more than one of these has.
fn too_many_positions(random: &mut Random, arch: &Arch, shape: &ConvShape, good: MatrixMapping) -> Option<Refusal> {
    let mapping = MatrixMapping {
        n: random.range(1, shape.n.min(256)),
        e: random.range(1, shape.e().min(64)),
        windows: random.range(1, shape.f().min(4096)),
        ..good
    };
    let (rows, have, remedy) = match arch.dataflow {
        Dataflow::Is => (mapping.e.div_ceil(arch.rows), arch.bank_places(), "`--accumulators "),
        _ if arch.is_of_pixels() => (mapping.e * mapping.m.div_ceil(arch.cols), arch.accumulators, "`accumulators`"),
        _ => (mapping.e, arch.accumulators, "`accumulators`"),
    };
    // A column has a window of each group of adjacent ones.
    let cols = if arch.is_of_planes() { arch.cols } else { 1 };
    let positions = mapping.n * rows * mapping.windows.div_ceil(cols);
    let must_say = [format!("= {positions} psums are over the {have} of"), remedy.into()];
    (positions > have).then(|| Refusal::of(mapping.check(shape, arch), must_say))
}

/// A filter row of which an array of one plane does not hold the weights.
fn filter_row_too_long(random: &mut Random, arch: &Arch, shape: &ConvShape, good: MatrixMapping) -> Refusal {
    // Of four channels each begins elsewhere in a line, so they take three places more.
    let words = arch.weight_steps() + 4 * random.range(0, 25) + 1;
    let tiles = (words + 3).div_ceil(4 * arch.rows);
    let must_say = [format!("a filter row's {words} words of a channel take"), format!("`--weight-tiles {tiles}`")];
    let (r, stride_h) = (random.range(1, 3), random.range(1, 6));
    let shape = ConvShape { r, s: words, stride_h, stride_w: 1, h: r, w: words, pad_h: 0, pad_w: 0, ..*shape };
    let mapping = MatrixMapping { n: 1, e: 1, windows: 1, channels: 1, ..good };
    Refusal::of(mapping.check(&shape, arch), must_say)
}

/// Windows of a row that have more pixels than a row FIFO of a convolution engine holds.
fn row_too_long(random: &mut Random, arch: &Arch, shape: &ConvShape, good: MatrixMapping) -> Option<Refusal> {
    let mapping = MatrixMapping { windows: random.range(1, shape.f().min(4096)), n: 1, e: 1, ..good };
    let pixels = mapping.windows + arch.kernel().min(shape.s.div_ceil(shape.stride_w)) - 1;
    let must_say = [format!("`windows` = {pixels} pixels"), format!("`--row-fifo {pixels}` or more")];
    (pixels > arch.row_fifo()).then(|| Refusal::of(mapping.check(shape, arch), must_say))
}

/// A tile of channels that are neither all nor whole channel groups.
fn channels_in_part(random: &mut Random, arch: &Arch, shape: &ConvShape, good: MatrixMapping) -> Option<Refusal> {
    let channels = random.range(1, shape.c_per_group());
    let mapping = MatrixMapping { channels, ..good };
    let is_part = channels < shape.c_per_group() && !channels.is_multiple_of(arch.channels_at_a_time());
    let of = if arch.conv2d.is_some() { "convolution engines" } else { "rows" };
    let at_a_time = if arch.conv2d.is_some() { arch.channels_at_a_time() } else { arch.rows };
    let must_say = [format!("`channels` is {channels}"), format!("multiple of the array's {at_a_time} {of}")];
    is_part.then(|| Refusal::of(mapping.check(shape, arch), must_say))
}

#[cfg(test)]
mod tests {
    use super::super::draw;
    use super::*;
    use gen::mapper::{matrix, Goal};
    use hw::os::OsStyle;
    use hw::ArchSpec;

    /// What is drawn for arrays of one plane is mapped, and what is made bad of it is refused in the right words.
    #[test]
    fn an_array_of_one_plane_maps_all_that_is_drawn_and_names_what_it_does_not_hold() {
        let mut refused = 0;
        for seed in 0..300 {
            let random = &mut Random::new(seed);
            let spec = ArchSpec { dataflow: Dataflow::Os, os_style: OsStyle::SopMop, ..draw::spec(random, 8, 16) };
            let spec = ArchSpec { accumulators: random.pick(&[16, 33, 256]), glb_kb: 40, weight_tiles: 3, ..spec };
            let (Ok(arch), shape) = (spec.check(), draw::shape(random, 50_000)) else { continue };
            let good =
                matrix::quick_search(&shape, &arch, &Goal::new(&arch)).unwrap_or_else(|e| panic!("{shape}: {e}"));
            for _ in 0..20 {
                if let Some(refusal) = bad_mapping(random, &arch, &shape, good) {
                    assert_eq!(refusal.fault(), None, "seed {seed}: {shape} on {arch:?}");
                    refused += 1;
                }
            }
        }
        assert!(refused > 2000, "{refused}");
    }
}
