//! The page of `sim report` in a real browser: what it shows is there, and nothing is said on its console.

use gen::mapper::{map, Goal, Link, Objective};
use hw::ArchSpec;
use sim::mapping_report::Mapped;
use sim::networks::Network;
use sim::page::{page, PageLayer};
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

fn tiny3() -> (String, Vec<PageLayer>) {
    let arch = ArchSpec { rows: 4, cols: 4, glb_kb: 32, ..ArchSpec::default() }.check().unwrap();
    let goal = Goal { objective: Objective::Cycles, link: Link::default(), ofmap_bytes: arch.word_bytes() };
    let network = Network::find("tiny3").unwrap();
    let layers = network.layers.iter().map(|layer| {
        let plan = map(&layer.shape, &arch).unwrap().check(&layer.shape, &arch).unwrap();
        PageLayer { mapped: Mapped::new(layer.name.clone(), &plan, &goal), plan }
    });
    let layers: Vec<_> = layers.collect();
    (page("tiny3", 1, &arch, &goal, &layers).unwrap(), layers)
}

#[test]
fn everything_is_on_the_page_and_the_console_is_silent() {
    let (html, layers) = tiny3();
    let (dom, said) = browse(&html);
    assert!(said.is_empty(), "{said:?}");
    assert_eq!(dom.matches("<rect class=\"pe").count(), 16 * layers.len());
    let idle: usize = layers.iter().map(|layer| 16 - layer.plan.active_pes()).sum();
    assert_eq!(dom.matches("class=\"pe idle\"").count(), idle);
    for PageLayer { mapped, plan } in &layers {
        // In the table, above its drawing, and in each chart.
        assert!(dom.matches(&mapped.layer).count() >= 6, "{}", mapped.layer);
        assert!(dom.contains(&plan.shape.to_string()));
    }
    for part in ["id=\"cycles\"", "id=\"roofline\"", "id=\"levels\"", "id=\"types\""] {
        let chart = dom.split(part).nth(1).unwrap_or_else(|| panic!("{part}"));
        assert!(chart.trim_start_matches('>').starts_with("<svg"), "{part}");
    }
    assert!(!html.contains("http://") || html.matches("http://").count() == html.matches("http://www.w3.org").count());
}

#[test]
fn an_error_on_the_console_is_seen() {
    let (html, _) = tiny3();
    let (_, said) = browse(&html.replace("</body>", "<script>nothing()</script></body>"));
    assert!(said.iter().any(|line| line.contains("nothing is not defined")), "{said:?}");
}
