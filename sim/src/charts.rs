//! Charts as SVG text.

use crate::digits::significant;
use anyhow::anyhow;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// A part of stacked bars.
pub struct Part {
    name: String,
    color: RGBColor,
}

/// A stacked bar, a value for each part.
pub struct Bar {
    /// Below it; nothing for a bar that belongs to the one before.
    pub name: String,
    /// Its values.
    pub values: Vec<f64>,
}

/// A bar that lies.
pub struct Line {
    /// On its left.
    pub name: String,
    /// Its value, which stands on its right.
    pub value: f64,
}

/// A picture of points, on logarithmic axes.
pub struct Panel {
    /// What the axes show.
    pub x: String,
    pub y: String,
    pub clouds: Vec<Cloud>,
}

/// Points of a kind.
pub struct Cloud {
    pub name: String,
    pub spots: Vec<Spot>,
}

/// A point; one with a label stands out.
pub struct Spot {
    pub x: f64,
    pub y: f64,
    pub label: Option<String>,
}

/// A layer under the roofline.
pub struct Point {
    /// Of the layer.
    pub name: String,
    /// MACs for each byte of DRAM traffic.
    pub intensity: f64,
    /// MACs a cycle.
    pub pace: f64,
}

/// Colours that people with any colour vision can tell apart (Okabe and Ito), and two greys.
const COLORS: [RGBColor; 9] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(204, 121, 167),
    RGBColor(240, 228, 66),
    RGBColor(200, 200, 200),
    RGBColor(90, 90, 90),
];
const FONT: &str = "sans-serif";
const SIZE: (u32, u32) = (920, 360);
/// Height of a lying bar with its gap, and width of the names of such bars.
const LINE_HEIGHT: u32 = 20;
const NAME_WIDTH: u32 = 250;

impl Part {
    /// Of this name, in colour number `color`.
    pub fn new(name: &str, color: usize) -> Part {
        Part { name: name.into(), color: COLORS[color % COLORS.len()] }
    }
}

/// Bars of stacked parts; an axis in `unit`, of which a value is `scale`.
pub fn stacks(unit: &str, scale: f64, parts: &[Part], bars: &[Bar]) -> anyhow::Result<String> {
    let top = bars.iter().map(|bar| scale * bar.values.iter().sum::<f64>()).fold(0.0, f64::max);
    svg(|area| {
        let mut chart = ChartBuilder::on(area)
            .margin(10)
            .x_label_area_size(40)
            .y_label_area_size(60)
            .build_cartesian_2d(0.0..bars.len() as f64, 0.0..1.05 * top.max(f64::MIN_POSITIVE))?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .x_labels(0)
            .y_desc(unit)
            .label_style((FONT, 13))
            .y_label_formatter(&|value| format!("{value:.3}").trim_end_matches('0').trim_end_matches('.').to_string())
            .draw()?;
        let mut drawn = vec![0.0; bars.len()];
        for (index, part) in parts.iter().enumerate() {
            if bars.iter().all(|bar| bar.values[index] == 0.0) {
                continue;
            }
            let boxes = bars.iter().zip(&mut drawn).enumerate().map(|(at, (bar, low))| {
                let (from, to) = (*low, *low + scale * bar.values[index]);
                *low = to;
                Rectangle::new([(at as f64 + 0.1, from), (at as f64 + 0.9, to)], part.color.filled())
            });
            let boxes: Vec<_> = boxes.collect();
            let color = part.color;
            chart
                .draw_series(boxes)?
                .label(&part.name)
                .legend(move |(x, y)| Rectangle::new([(x, y - 5), (x + 12, y + 5)], color.filled()));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperRight)
            .label_font((FONT, 12))
            .border_style(RGBColor(190, 190, 190))
            .background_style(WHITE)
            .draw()?;
        // Names are below the bars, turned if there are many.
        let style =
            TextStyle::from((FONT, if bars.len() > 16 { 9 } else { 12 })).pos(Pos::new(HPos::Center, VPos::Top));
        for (at, bar) in bars.iter().enumerate().filter(|(_, bar)| !bar.name.is_empty()) {
            let place = chart.backend_coord(&(at as f64 + 0.5, 0.0));
            area.draw(&Text::new(bar.name.clone(), (place.0, place.1 + 6), style.clone()))?;
        }
        Ok(())
    })
}

/// Lying bars with names and values, the first at the top; values in `unit`, of which a value is `scale`.
pub fn lines(unit: &str, scale: f64, lines: &[Line]) -> anyhow::Result<String> {
    let (top, count) = (lines.iter().map(|line| scale * line.value).fold(f64::MIN_POSITIVE, f64::max), lines.len());
    svg_of((SIZE.0, LINE_HEIGHT * count as u32 + 60), |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(10)
            .x_label_area_size(40)
            .y_label_area_size(NAME_WIDTH)
            .build_cartesian_2d(0.0..1.1 * top, count as f64..0.0)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .light_line_style(TRANSPARENT)
            .y_labels(0)
            .x_desc(unit)
            .label_style((FONT, 13))
            .x_label_formatter(&|value| format!("{value:.0}"))
            .draw()?;
        let middle = VPos::Center;
        for (at, line) in lines.iter().enumerate() {
            let (at, value) = (at as f64, scale * line.value);
            chart.draw_series([Rectangle::new([(0.0, at + 0.15), (value, at + 0.85)], COLORS[0].filled())])?;
            let name = TextStyle::from((FONT, 12)).pos(Pos::new(HPos::Right, middle));
            let (left, right) = (chart.backend_coord(&(0.0, at + 0.5)), chart.backend_coord(&(value, at + 0.5)));
            area.draw(&Text::new(line.name.clone(), (left.0 - 6, left.1), name))?;
            let figure = TextStyle::from((FONT, 12)).pos(Pos::new(HPos::Left, middle));
            area.draw(&Text::new(format!("{value:.1}"), (right.0 + 4, right.1), figure))?;
        }
        Ok(())
    })
}

/// Points under the roof that `peak` MACs a cycle and `bytes` of DRAM traffic a cycle make, on logarithmic axes.
pub fn roofline(peak: f64, bytes: f64, points: &[Point]) -> anyhow::Result<String> {
    // Logarithms on plain axes, which have labels within a decade, too.
    let at = |x: f64, y: f64| (x.log10(), y.log10());
    let ridge = peak / bytes;
    let left = points.iter().map(|p| p.intensity).fold(ridge, f64::min) / 2.0;
    let right = points.iter().map(|p| p.intensity).fold(ridge, f64::max) * 2.0;
    let low = points.iter().map(|p| p.pace).fold(left * bytes, f64::min) / 1.5;
    svg(|area| {
        let mut chart = ChartBuilder::on(area)
            .margin(10)
            .x_label_area_size(40)
            .y_label_area_size(60)
            .build_cartesian_2d(left.log10()..right.log10(), low.log10()..(peak * 1.5).log10())?;
        chart
            .configure_mesh()
            .light_line_style(RGBColor(240, 240, 240))
            .x_desc("MACs a byte of DRAM traffic")
            .y_desc("MACs a cycle")
            .label_style((FONT, 13))
            .x_label_formatter(&power)
            .y_label_formatter(&power)
            .draw()?;
        let roof = [at(left, left * bytes), at(ridge, peak), at(right, peak)];
        chart.draw_series(LineSeries::new(roof, COLORS[8].stroke_width(2)))?;
        let spots: Vec<(f64, f64)> = points.iter().map(|p| at(p.intensity, p.pace)).collect();
        chart.draw_series(spots.iter().map(|spot| Circle::new(*spot, 4, COLORS[1].filled())))?;
        // Names of points that lie close to each other stand below each other.
        let (wide, high) = (0.1 * (right / left).log10(), 0.05 * (peak * 1.5 / low).log10());
        let close = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).abs() < wide && (a.1 - b.1).abs() < high;
        let names = points.iter().enumerate().map(|(i, point)| {
            let before = spots[..i].iter().filter(|other| close(**other, spots[i])).count() as i32;
            EmptyElement::at(spots[i]) + Text::new(point.name.clone(), (6, -4 + 13 * before), (FONT, 12))
        });
        chart.draw_series(names)?;
        Ok(())
    })
}

/// 10 to this power.
fn power(exponent: &f64) -> String {
    significant(10f64.powf(*exponent), 3)
}

/// Panels below each other.
pub fn scatters(panels: &[Panel]) -> anyhow::Result<String> {
    svg_of((SIZE.0, SIZE.1 * panels.len() as u32), |area| {
        for (panel, part) in panels.iter().zip(area.split_evenly((panels.len(), 1))) {
            scatter(panel, &part)?;
        }
        Ok(())
    })
}

fn scatter(panel: &Panel, area: &DrawingArea<SVGBackend, Shift>) -> Result<(), Box<dyn std::error::Error>> {
    let at = |spot: &Spot| (spot.x.max(f64::MIN_POSITIVE).log10(), spot.y.max(f64::MIN_POSITIVE).log10());
    let range = |of: &dyn Fn((f64, f64)) -> f64| {
        let values = panel.clouds.iter().flat_map(|cloud| &cloud.spots).map(|spot| of(at(spot)));
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
        let margin = 0.05 + 0.05 * (high - low).max(0.0);
        low.min(high) - margin..high.max(low) + margin
    };
    let mut chart = ChartBuilder::on(area)
        .margin(10)
        .x_label_area_size(40)
        .y_label_area_size(70)
        .build_cartesian_2d(range(&|(x, _)| x), range(&|(_, y)| y))?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc(&panel.x)
        .y_desc(&panel.y)
        .label_style((FONT, 13))
        .x_label_formatter(&power)
        .y_label_formatter(&power)
        .draw()?;
    for (number, cloud) in panel.clouds.iter().enumerate() {
        let color = COLORS[number % COLORS.len()];
        let beaten = cloud.spots.iter().filter(|spot| spot.label.is_none());
        chart.draw_series(beaten.map(|spot| Circle::new(at(spot), 2, color.mix(0.35))))?;
        let best = || cloud.spots.iter().filter(|spot| spot.label.is_some());
        chart
            .draw_series(best().map(|spot| Circle::new(at(spot), 4, color.filled())))?
            .label(&cloud.name)
            .legend(move |(x, y)| Circle::new((x + 6, y), 4, color.filled()));
        chart.draw_series(best().map(|spot| {
            let name = spot.label.clone().unwrap_or_default();
            EmptyElement::at(at(spot)) + Text::new(name, (5, -12), (FONT, 11))
        }))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .label_font((FONT, 12))
        .border_style(RGBColor(190, 190, 190))
        .background_style(WHITE)
        .draw()?;
    Ok(())
}

/// A chart of the usual size.
fn svg(
    draw: impl FnOnce(&DrawingArea<SVGBackend, Shift>) -> Result<(), Box<dyn std::error::Error>>,
) -> anyhow::Result<String> {
    svg_of(SIZE, draw)
}

/// An SVG with what `draw` draws on it.
fn svg_of(
    size: (u32, u32),
    draw: impl FnOnce(&DrawingArea<SVGBackend, Shift>) -> Result<(), Box<dyn std::error::Error>>,
) -> anyhow::Result<String> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        draw(&area).and_then(|()| Ok(area.present()?)).map_err(|error| anyhow!("a chart cannot be drawn: {error}"))?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Axes of a decade or less had no number on them, and names of points at one place lay on each other.
    #[test]
    fn a_roofline_within_a_decade_has_numbers_and_names_apart() {
        let point = |name: &str| Point { name: name.into(), intensity: 90.0, pace: 150.0 };
        let svg = roofline(168.0, 2.4, &[point("conv4"), point("conv5")]).unwrap();
        let texts: Vec<(&str, &str)> = svg
            .split("<text ")
            .skip(1)
            .filter_map(|text| {
                let y = text.split("y=\"").nth(1)?.split('"').next()?;
                Some((text.split('>').nth(1)?.split('<').next()?.trim(), y))
            })
            .collect();
        assert!(texts.iter().filter(|(text, _)| text.parse::<f64>().is_ok()).count() >= 8, "{texts:?}");
        let height = |name: &str| texts.iter().find(|(text, _)| *text == name).unwrap().1;
        assert_ne!(height("conv4"), height("conv5"));
    }
}
