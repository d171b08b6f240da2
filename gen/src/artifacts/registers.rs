use crate::output::OutputFile;
use askama::Template;
use hw::registers::{counter_offset, Access, COUNTERS, REGISTERS};
use serde::Serialize;

/// A register as the templates and the JSON show it.
#[derive(Serialize)]
struct Row {
    name: String,
    #[serde(skip)]
    offset_hex: String,
    offset: usize,
    access: &'static str,
    doc: String,
}

impl Row {
    fn new(name: String, offset: usize, access: Access, doc: String) -> Row {
        let access = match access {
            Access::ReadOnly => "read",
            Access::ReadWrite => "read, write",
            Access::WriteOneToClear => "read, write 1 to clear",
            Access::Action => "see the description",
        };
        Row { name, offset_hex: format!("0x{offset:03x}"), offset, access, doc }
    }
}

#[derive(Template)]
#[template(path = "registers.h", escape = "none")]
struct Header<'a> {
    design: &'a str,
    registers: &'a [Row],
}

#[derive(Template)]
#[template(path = "registers.md", escape = "none")]
struct Markdown<'a> {
    design: &'a str,
    registers: &'a [Row],
}

/// The register map as JSON, C header and Markdown.
pub fn register_map(design: &str) -> anyhow::Result<Vec<OutputFile>> {
    let mut rows: Vec<Row> =
        REGISTERS.iter().map(|r| Row::new(r.name.into(), r.offset, r.access, r.doc.into())).collect();
    for (i, counter) in COUNTERS.iter().enumerate() {
        for (half, offset) in [("LO", 0), ("HI", 4)] {
            let doc = format!("{} Bits {}.", counter.doc, if offset == 0 { "31:0" } else { "63:32" });
            rows.push(Row::new(format!("{}_{half}", counter.name), counter_offset(i) + offset, Access::ReadOnly, doc));
        }
    }
    let registers = &rows[..];
    let file = |name: &str, text| OutputFile { path: format!("registers.{name}"), text };
    Ok(vec![
        file("json", serde_json::to_string_pretty(registers)? + "\n"),
        file("h", Header { design, registers }.render()?),
        file("md", Markdown { design, registers }.render()?),
    ])
}
