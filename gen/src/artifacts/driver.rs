//! `driver/`: a C driver, with the names and addresses of the register map.

use crate::output::OutputFile;
use askama::Template;
use hw::program::error::{describe, CAUSES};
use hw::registers::{Counter, COUNTERS, ID, ID_VALUE, QUEUE_DEPTH};
use hw::shell::control::built;
use hw::Arch;

struct Cause {
    name: &'static str,
    value: u64,
    doc: String,
}

struct Size {
    name: &'static str,
    value: usize,
}

#[derive(Template)]
#[template(path = "driver.h", escape = "none")]
struct Header<'a> {
    design: &'a str,
    queue_depth: usize,
    causes: &'a [Cause],
    counters: &'a [Counter],
}

#[derive(Template)]
#[template(path = "driver.c", escape = "none")]
struct Source<'a> {
    design: &'a str,
    id: String,
    built: &'a [Size],
    counters: &'a [Counter],
}

/// The driver's header and its source.
pub fn driver(design: &str, arch: &Arch) -> Result<Vec<OutputFile>, askama::Error> {
    let causes: Vec<_> =
        CAUSES.iter().map(|&(name, value)| Cause { name, value, doc: sentence(describe(value)) }).collect();
    let sizes = built(arch).into_iter().filter(|(register, _)| *register != ID);
    let built: Vec<_> = sizes.map(|(register, value)| Size { name: register.name, value }).collect();
    let file = |name: &str, text| OutputFile { path: format!("driver/{name}"), text };
    let id = format!("{ID_VALUE:#x}");
    Ok(vec![
        file("tessera.h", Header { design, queue_depth: QUEUE_DEPTH, causes: &causes, counters: COUNTERS }.render()?),
        file("tessera.c", Source { design, id, built: &built, counters: COUNTERS }.render()?),
    ])
}

/// `text` with a capital and a full stop.
fn sentence(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    format!("{}{rest}.", first.to_uppercase())
}
