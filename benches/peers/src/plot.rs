//! The plot: how long the first page takes, against the number of records.

use std::collections::BTreeMap;
use std::path::PathBuf;

use plotters::prelude::*;

use crate::result::{Part, Point};

/// Ours in one colour, SQLite in another; wide lists solid, narrow ones with hollow points.
fn look(line: &str) -> (RGBColor, bool) {
    let colour = if line.starts_with("rolecall") { RGBColor(0, 114, 178) } else { RGBColor(213, 94, 0) };
    (colour, line.ends_with("All"))
}

/// Draws `benches/first-page.svg`, if there is anything to draw.
pub fn draw(parts: &[(&str, Part)]) {
    let points: Vec<&Point> = parts.iter().flat_map(|(_, part)| &part.points).collect();
    let mut lines: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    for point in &points {
        lines.entry(&point.line).or_default().push((point.records as f64, point.seconds * 1e6));
    }
    if lines.is_empty() {
        return;
    }
    let most_records = points.iter().map(|point| point.records as f64).fold(1.0, f64::max);
    let most = lines.values().flatten().map(|(_, micros)| *micros).fold(1.0, f64::max);
    let least = lines.values().flatten().map(|(_, micros)| *micros).fold(f64::MAX, f64::min);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../first-page.svg");
    let root = SVGBackend::new(&path, (880, 520)).into_drawing_area();
    root.fill(&WHITE).unwrap();
    let mut chart = ChartBuilder::on(&root)
        .caption("First page of 50 with the exact count, 1,000 owners", ("sans-serif", 20))
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(72)
        .build_cartesian_2d(
            (8_000.0..most_records * 1.3).log_scale(),
            (10_f64.powf(least.log10().floor())..10_f64.powf(most.log10().ceil())).log_scale(),
        )
        .unwrap();
    chart
        .configure_mesh()
        .x_desc("records")
        .y_desc("microseconds")
        .x_label_formatter(&|records| amount(*records))
        .y_label_formatter(&|micros| amount(*micros))
        .light_line_style(RGBColor(240, 240, 240))
        .draw()
        .unwrap();
    for (name, points) in lines {
        let (colour, wide) = look(name);
        let style = if wide { colour.stroke_width(2) } else { colour.mix(0.6).stroke_width(1) };
        chart
            .draw_series(LineSeries::new(points.iter().copied(), style))
            .unwrap()
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 24, y)], style));
        let dot = if wide { colour.filled() } else { colour.stroke_width(1) };
        chart.draw_series(points.iter().map(|point| Circle::new(*point, 4, dot))).unwrap();
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE)
        .border_style(RGBColor(200, 200, 200))
        .draw()
        .unwrap();
    root.present().unwrap();
}

fn amount(number: f64) -> String {
    match number {
        n if n >= 1e6 => format!("{}M", n / 1e6),
        n if n >= 1e3 => format!("{}k", n / 1e3),
        n => format!("{n}"),
    }
}
