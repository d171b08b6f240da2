//! The array with a mapping on it.

use gen::mapper::{Cell, Plan};
use std::fmt::Write;

/// Size of a PE on the page, and of the gap between two.
const SIDE: usize = 26;
const GAP: usize = 2;

/// An SVG with a square for each PE: its colour tells the set (of t, on different filters) and its shade the set's place in the stack (of r, on
/// different channels); its text is filter row and ofmap row of the strip. PEs without work are empty.
pub fn drawing(plan: &Plan) -> String {
    let (rows, cols) = (plan.arch.rows, plan.arch.cols);
    let mut cells: Vec<Option<Cell>> = vec![None; rows * cols];
    for cell in plan.cells(plan.mapping.e) {
        cells[cell.array_row * cols + cell.array_col] = Some(cell);
    }
    let pitch = SIDE + GAP;
    let (width, height) = (cols * pitch, rows * pitch);
    let mut svg =
        format!(r#"<svg class="array" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">"#);
    for (index, cell) in cells.iter().enumerate() {
        let (row, col) = (index / cols, index % cols);
        let (x, y) = (col * pitch, row * pitch);
        let (class, style, what, text) = match cell {
            None => ("pe idle", String::new(), "no work".to_string(), String::new()),
            Some(cell) => {
                // Neighbours in the list of sets differ by the golden angle in hue.
                let hue = (210 + cell.set * 137) % 360;
                let light = 78 - 8 * (cell.layer % 4);
                (
                    "pe",
                    format!(r#" style="fill:hsl({hue},55%,{light}%)""#),
                    format!(
                        "filter row {}, ofmap row {} of the strip, filter set {}, channel set {}",
                        cell.row, cell.line, cell.set, cell.layer
                    ),
                    format!("{},{}", cell.row, cell.line),
                )
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
    use gen::mapper::map;
    use gen::shape::ConvShape;
    use hw::ArchSpec;

    #[test]
    fn each_pe_is_there_and_those_with_work_are_as_many_as_the_plan_says() {
        let arch = ArchSpec { rows: 5, cols: 4, ..ArchSpec::default() }.check().unwrap();
        let shape = ConvShape { m: 4, c: 2, h: 9, w: 9, r: 3, s: 3, ..ConvShape::default() };
        let plan = map(&shape, &arch).unwrap().check(&shape, &arch).unwrap();
        let svg = drawing(&plan);
        assert_eq!(svg.matches("<rect").count(), 20);
        assert_eq!(svg.matches("pe idle").count(), 20 - plan.active_pes());
        assert!(plan.active_pes() < 20, "3 of 5 rows at a time");
    }
}
