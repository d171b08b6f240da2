//! The array with a mapping on it.

use gen::mapper::{AnyPlan, Cell};
use hw::{Arch, Dataflow};
use std::fmt::Write;

/// Size of a PE on the page, and of the gap between two.
const SIDE: usize = 26;
const GAP: usize = 2;

/// What a PE does.
struct Work {
    /// PEs of a set have a colour, sets in a stack shades of it.
    set: usize,
    layer: usize,
    /// In its square, and of it in words.
    text: String,
    what: String,
}

/// What colours and texts of squares say.
pub fn legend(arch: &Arch) -> &'static str {
    match arch.dataflow {
        _ if arch.conv2d.is_some() => "in it the tap of a convolution engine whose weight it holds, and the filter.",
        Dataflow::Rs => {
            "in it the filter row and the ofmap row of the strip that it works on. A hue is a set on other filters, a shade one on other channels."
        }
        Dataflow::Os if arch.is_of_pixels() => "in it the filter whose psum it holds, of one pixel of the ofmap.",
        Dataflow::Os if arch.is_of_planes() => "in it the ofmap row of a block and the window of a group whose psum it holds, of one filter.",
        Dataflow::Os => "in it the ofmap row of a block and the filter whose psum it holds.",
        Dataflow::Is => "in it the rows of a block of the ifmap, by the vertical stride, of which it holds a word, and the filter.",
        Dataflow::Ws | Dataflow::Nlr => "in it the channel and the filter of the weight tile whose product it makes.",
    }
}

/// An SVG with a square for each PE, as [`legend`] says, empty where it has no work.
pub fn drawing(plan: &AnyPlan) -> String {
    let arch = plan.arch();
    let mut cells: Vec<Option<Work>> = (0..arch.pes()).map(|_| None).collect();
    let mut put = |row: usize, col: usize, work: Work| cells[row * arch.cols + col] = Some(work);
    match plan {
        AnyPlan::Rs(plan) => {
            for Cell { array_row, array_col, row, line, set, layer } in plan.cells(plan.mapping.e) {
                let what =
                    format!("filter row {row}, ofmap row {line} of the strip, filter set {set}, channel set {layer}");
                put(array_row, array_col, Work { set, layer, text: format!("{row},{line}"), what });
            }
        }
        AnyPlan::Matrix(plan) if arch.is_of_pixels() => {
            for (filter, (row, col)) in plan.filter_places().enumerate() {
                let what = format!("filter {filter} of the filter group");
                put(row, col, Work { set: 0, layer: 0, text: filter.to_string(), what });
            }
        }
        AnyPlan::Matrix(plan) => {
            for row in plan.active_rows() {
                for col in 0..plan.active_cols() {
                    let of = match arch.dataflow {
                        _ if arch.conv2d.is_some() => {
                            format!("tap {} of engine {}", row % arch.engine_rows(), row / arch.engine_rows())
                        }
                        Dataflow::Os => format!("ofmap row {row} of the block"),
                        Dataflow::Is => format!("group {row} of ifmap rows of the block"),
                        _ => format!("channel {row} of the channel group"),
                    };
                    let what = match arch.is_of_planes() {
                        true => format!("{of}, window {col} of the group"),
                        false => format!("{of}, filter {col} of the filter group"),
                    };
                    put(row, col, Work { set: 0, layer: 0, text: format!("{row},{col}"), what });
                }
            }
        }
    }
    let pitch = SIDE + GAP;
    let (width, height) = (arch.cols * pitch, arch.rows * pitch);
    let mut svg =
        format!(r#"<svg class="array" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">"#);
    for (index, cell) in cells.into_iter().enumerate() {
        let (row, col) = (index / arch.cols, index % arch.cols);
        let (x, y) = (col * pitch, row * pitch);
        let (class, style, what, text) = match cell {
            None => ("pe idle", String::new(), "no work".to_string(), String::new()),
            Some(Work { set, layer, text, what }) => {
                // Neighbours in the list of sets differ by the golden angle in hue.
                let hue = (210 + set * 137) % 360;
                let light = 78 - 8 * (layer % 4);
                ("pe", format!(r#" style="fill:hsl({hue},55%,{light}%)""#), what, text)
            }
        };
        // Writing to a string does not fail.
        let _ = write!(
            svg,
            r#"<g><title>PE ({row}, {col}): {what}</title><rect class="{class}" x="{x}" y="{y}" width="{SIDE}" height="{SIDE}" rx="3"{style}/><text x="{}" y="{}">{text}</text></g>"#,
            x + SIDE / 2,
            y + SIDE / 2 + 3,
        );
    }
    svg + "</svg>"
}

#[cfg(test)]
mod tests {
    use super::*;
    use gen::mapper::quick_map_any;
    use gen::shape::ConvShape;
    use hw::os::OsStyle;
    use hw::{ArchSpec, WsStyle};

    #[test]
    fn each_pe_is_there_and_those_with_work_are_as_many_as_the_plan_says() {
        let dataflows =
            [(Dataflow::Rs, None), (Dataflow::Ws, Some(8)), (Dataflow::Nlr, Some(8)), (Dataflow::Os, Some(16))];
        for (dataflow, active) in dataflows {
            let arch = ArchSpec { dataflow, rows: 5, cols: 4, ..ArchSpec::default() }.check().unwrap();
            let shape = ConvShape { m: 4, c: 2, h: 6, w: 9, r: 3, s: 3, ..ConvShape::default() };
            let plan = quick_map_any(&shape, &arch).unwrap().check(&shape, &arch).unwrap();
            let svg = drawing(&plan);
            assert_eq!(svg.matches("<rect").count(), 20);
            assert_eq!(svg.matches("pe idle").count(), 20 - plan.active_pes());
            assert!(plan.active_pes() < 20, "3 of 5 rows at a time, or 2");
            assert!(active.is_none_or(|active| plan.active_pes() == active));
        }
    }

    #[test]
    fn a_filter_smaller_than_an_engine_leaves_its_other_taps_idle() {
        let spec =
            ArchSpec { dataflow: Dataflow::Ws, ws_style: WsStyle::Conv2d, rows: 18, cols: 4, ..ArchSpec::default() };
        let arch = spec.check().unwrap();
        let shape = ConvShape { m: 4, c: 2, h: 6, w: 9, r: 2, s: 3, ..ConvShape::default() };
        let plan = quick_map_any(&shape, &arch).unwrap().check(&shape, &arch).unwrap();
        assert_eq!(plan.active_pes(), 2 * 2 * 3 * 4);
        let svg = drawing(&plan);
        assert_eq!(svg.matches("pe idle").count(), 18 * 4 - plan.active_pes());
        assert!(
            svg.contains("PE (14, 3): tap 5 of engine 1, filter 3") && svg.contains("PE (15, 0): no work"),
            "{svg}"
        );
    }

    #[test]
    fn rows_and_windows_of_a_plane_are_in_pes_of_their_own() {
        let spec = ArchSpec { dataflow: Dataflow::Os, os_style: OsStyle::SopMop, ..ArchSpec::default() };
        let arch = ArchSpec { rows: 5, cols: 4, ..spec }.check().unwrap();
        let shape = ConvShape { m: 14, c: 2, h: 6, w: 5, r: 3, s: 3, ..ConvShape::default() };
        let plan = quick_map_any(&shape, &arch).unwrap().check(&shape, &arch).unwrap();
        let svg = drawing(&plan);
        assert_eq!((plan.active_pes(), svg.matches("pe idle").count()), (4 * 3, 8));
        assert!(svg.contains("<title>PE (3, 2): ofmap row 3 of the block, window 2 of the group</title>"), "{svg}");
    }

    #[test]
    fn each_filter_of_a_pixel_is_in_a_pe_of_its_own() {
        let spec = ArchSpec { dataflow: Dataflow::Os, os_style: OsStyle::MopSop, ..ArchSpec::default() };
        let arch = ArchSpec { rows: 5, cols: 4, ..spec }.check().unwrap();
        let shape = ConvShape { m: 14, c: 2, h: 6, w: 9, r: 3, s: 3, ..ConvShape::default() };
        let plan = quick_map_any(&shape, &arch).unwrap().check(&shape, &arch).unwrap();
        let svg = drawing(&plan);
        assert_eq!(svg.matches("<rect").count(), 20);
        assert_eq!((plan.active_pes(), svg.matches("pe idle").count()), (14, 6));
        assert!(svg.contains("<title>PE (3, 1): filter 13 of the filter group</title>"), "{svg}");
    }
}
