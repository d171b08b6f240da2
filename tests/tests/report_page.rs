//! The page of `sim report` in a real browser: what it shows is there, and nothing is said on its console.

use gen::design::DesignArgs;
use gen::mapper::{map, AnyPlan, Goal, Link, Objective};
use sim::area::{self, Area};
use sim::mapping_report::Mapped;
use sim::networks::Network;
use sim::page::{page, PageLayer};
use sim::traffic::{Compressed, Traffic, Wanted};
use std::path::Path;
use std::process::Command;

/// The page as the browser has understood it, and what its console says.
fn browse(page: &str) -> (String, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    std::fs::write(&path, page).unwrap();
    let browser = ["/usr/bin/chromium", "/usr/bin/google-chrome"].into_iter().find(|path| Path::new(path).exists());
    let outcome = Command::new(browser.expect("a browser; run scripts/setup"))
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"])
        .args(["--disable-background-networking", "--disable-component-update", "--enable-logging=stderr"])
        .arg(format!("--user-data-dir={}", folder.path().join("user").display()))
        .args(["--dump-dom", &format!("file://{}", path.display())])
        .output()
        .expect("the browser starts");
    let said = String::from_utf8_lossy(&outcome.stderr)
        .lines()
        .filter(|l| l.contains("CONSOLE"))
        .map(str::to_string)
        .collect();
    (String::from_utf8(outcome.stdout).unwrap(), said)
}

/// A page of `tiny3`, of which the first layers are known to be half zeros, and what it is made of.
fn tiny3(area: Option<&Area>, sparse: usize) -> (String, Vec<PageLayer>) {
    let args = DesignArgs { rows: Some(4), cols: Some(4), glb_kb: Some(32), ..DesignArgs::default() };
    let design = args.design().unwrap();
    let arch = &design.arch;
    let goal = Goal { objective: Objective::Cycles, link: Link::default(), ofmap_bytes: arch.word_bytes() };
    let network = Network::find("tiny3").unwrap();
    let both = Wanted { ifmap: true, ofmap: true, format: None };
    let layers = network.layers.iter().enumerate().map(|(index, layer)| {
        let plan = map(&layer.shape, arch).unwrap().check(&layer.shape, arch).unwrap();
        let plan = AnyPlan::from(plan);
        let compressed = (index < sparse).then(|| Compressed::drawn(&plan, both, [0.5, 0.8], index as u64).unwrap());
        let mapped = Mapped::new(layer.name.clone(), plan.costed(), &goal);
        PageLayer { mapped, plain: Traffic::plain(&plan).unwrap(), compressed, plan }
    });
    let layers: Vec<_> = layers.collect();
    (page("tiny3", 1, &design, &goal, &layers, area).unwrap(), layers)
}

/// As `scripts/synth-asic` leaves it.
fn area() -> Area {
    let part = |name: &str, instances, nand2| area::Part { name: name.into(), instances, nand2 };
    Area {
        design: "rs_4x4_w16_glb32".into(),
        top: "tessera".into(),
        liberty: "cells.lib".into(),
        nand2: "NAND2X1".into(),
        gates: 300_000,
        period_ns: 12.5,
        modules: (0..20).map(|i| part(&format!("module_{i}"), 1 + i, 20_000 - 700 * i)).collect(),
        parts: vec![part("pe", 16, 120_000), part("tessera", 1, 300_000)],
    }
}

/// The cells of a row of a table in the page.
fn row(dom: &str, table: &str, name: &str) -> Vec<String> {
    let table = dom.split(&format!("<table id=\"{table}\">")).nth(1).unwrap_or_else(|| panic!("{table}"));
    let rows = table.split("</table>").next().unwrap().split("<tr>");
    let cells = |row: &str| -> Vec<String> {
        row.split("<td>").skip(1).map(|cell| cell.split("</td>").next().unwrap().to_string()).collect()
    };
    rows.map(cells).find(|row| row.first().is_some_and(|first| first == name)).unwrap_or_else(|| panic!("{name}"))
}

#[test]
fn everything_is_on_the_page_and_the_console_is_silent() {
    let (html, layers) = tiny3(Some(&area()), 3);
    let (dom, said) = browse(&html);
    assert!(said.is_empty(), "{said:?}");
    assert_eq!(dom.matches("<rect class=\"pe").count(), 16 * layers.len());
    let idle: usize = layers.iter().map(|layer| 16 - layer.plan.active_pes()).sum();
    assert_eq!(dom.matches("class=\"pe idle\"").count(), idle);
    for PageLayer { mapped, .. } in &layers {
        // In the tables, above its drawing, and in each chart.
        assert!(dom.matches(&mapped.layer).count() >= 8, "{}", mapped.layer);
        assert!(dom.contains(&mapped.shape.to_string()));
    }
    for part in ["cycles", "roofline", "levels", "types", "traffic", "dataflows", "area"] {
        let chart = dom.split(&format!("id=\"{part}\">")).nth(1).unwrap_or_else(|| panic!("{part}"));
        assert!(chart.starts_with("<svg"), "{part}");
    }
    assert!(!html.contains("http://") || html.matches("http://").count() == html.matches("http://www.w3.org").count());
}

#[test]
fn traffic_is_that_of_the_layers_plain_and_compressed() {
    let (html, layers) = tiny3(None, 3);
    let (dom, _) = browse(&html);
    // Megabytes, with four digits that count.
    let is_shown = |shown: &[String], moved: [u64; 2]| {
        let right = shown.iter().zip(moved).all(|(shown, bytes)| {
            let mega = bytes as f64 / 1e6;
            (shown.parse::<f64>().unwrap() - mega).abs() <= 0.0005 * mega
        });
        assert!(right && shown[0] != shown[1], "{shown:?}: {moved:?}");
    };
    let mut sums = [0; 2];
    for layer in &layers {
        let moved = [layer.plain.all(), layer.compressed.unwrap().traffic.all()];
        assert!(moved[1] < moved[0], "{}: {moved:?}", layer.mapped.layer);
        let shown = row(&dom, "moved", &layer.mapped.layer);
        assert_eq!([&shown[1], &shown[2], &shown[5]], ["50.0 %", "80.0 %", ""]);
        is_shown(&shown[3..5], moved);
        sums = [sums[0] + moved[0], sums[1] + moved[1]];
    }
    is_shown(&row(&dom, "moved", "all")[3..5], sums);
    assert!(!dom.contains("--zeros FRACTION"));
}

/// A sum of what only some layers have would be read as that of all.
#[test]
fn layers_of_unknown_sparsity_are_plain_and_it_is_said() {
    let (dom, _) = browse(&tiny3(None, 2).0);
    assert_eq!(row(&dom, "moved", "conv1x1")[1..3], ["", ""]);
    assert_eq!(row(&dom, "moved", "conv1x1")[4..], ["", ""]);
    assert_eq!(row(&dom, "moved", "all")[4..], ["", ""]);
    assert!(dom.contains("--zeros FRACTION"));
}

#[test]
fn area_is_that_of_the_synthesis_report() {
    let (dom, _) = browse(&tiny3(Some(&area()), 3).0);
    assert_eq!(row(&dom, "parts", "pe"), ["pe", "16", "120\u{202f}000", "40.0 %"]);
    let chart = dom.split("id=\"area\">").nth(1).unwrap().split("</svg>").next().unwrap();
    // 16 bars with their names and thousands of NAND2, and one for the rest: 8,800 + 8,100 + 7,400 + 6,700.
    for text in ["module_0", "16 × module_15", "4 other modules", "20.0", "9.5", "31.0"] {
        let texts = chart.split('<').filter_map(|tag| tag.split_once('>')).filter(|(_, inner)| inner.trim() == text);
        assert_eq!(texts.count(), 1, "{text}: {chart}");
    }
    assert!(!chart.contains("module_16"));
}

#[test]
fn without_a_synthesis_report_the_page_says_what_makes_one() {
    let (dom, _) = browse(&tiny3(None, 3).0);
    assert!(dom.contains("<code>scripts/synth-asic --rows 4 --cols 4 --width 16 --glb-kb 32</code>"), "{dom}");
}

#[test]
fn an_error_on_the_console_is_seen() {
    let (html, _) = tiny3(None, 3);
    let (_, said) = browse(&html.replace("</body>", "<script>nothing()</script></body>"));
    assert!(said.iter().any(|line| line.contains("nothing is not defined")), "{said:?}");
}
