//! The signals of a waveform in named groups, as files for GTKWave and Surfer.

use std::fmt::Write;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use vcd::{Header, Parser, ReferenceIndex, Scope, ScopeItem, Var};

/// Groups of the accelerator's own ports: a name, and what the ports' names begin with.
const PORTS: [(&str, &[&str]); 3] = [
    ("Host", &["s_axil_", "irq"]),
    ("Memory_reads", &["m_axi_ar", "m_axi_r"]),
    ("Memory_writes", &["m_axi_aw", "m_axi_w", "m_axi_b"]),
];

/// Groups of what a unit takes, gives and tells: a name, and the unit's place in the accelerator.
const UNITS: [(&str, &[&str]); 7] = [
    ("Commands", &["shell", "commands"]),
    ("Ifmap_loads", &["shell", "loader"]),
    ("Filter_loads", &["shell", "filters"]),
    ("Stores", &["shell", "store"]),
    ("Buffer", &["glb"]),
    ("Sequencer", &["core", "sequencer"]),
    ("Walker", &["matrix_core", "walker"]),
];

/// Ends of the names of a unit's signals that tell what it does.
const TELLING: [&str; 9] = ["valid", "ready", "idle", "post", "done", "read", "write", "dispatched", "cause"];

/// A named group of signals.
#[derive(Debug)]
struct Group {
    /// One word, as Surfer wants it.
    name: String,
    signals: Vec<Signal>,
}

/// A signal by its place and width.
#[derive(Debug)]
struct Signal {
    path: String,
    bits: u32,
    index: Option<ReferenceIndex>,
}

/// The files that go with a waveform: GTKWave's and Surfer's.
pub fn files(waveform: &Path) -> [PathBuf; 2] {
    ["gtkw", "sucl"].map(|extension| waveform.with_extension(extension))
}

/// What the [`files`] that go with a waveform of an accelerator hold, in their order.
pub fn texts(waveform: &Path) -> io::Result<[String; 2]> {
    let header = Parser::new(BufReader::new(File::open(waveform)?)).parse_header()?;
    let groups = groups(&header);
    Ok([gtkwave(&groups), surfer(&groups)])
}

/// The groups of an accelerator's signals, none of them empty.
fn groups(header: &Header) -> Vec<Group> {
    let Some((accelerator, path)) = find(&header.items, "") else { return Vec::new() };
    let mut groups = Vec::new();
    let mut add = |name: &str, signals: Vec<Signal>| {
        if !signals.is_empty() {
            groups.push(Group { name: name.to_string(), signals });
        }
    };
    for (name, starts) in PORTS {
        add(name, signals(accelerator, &path, |port| starts.iter().any(|start| port.starts_with(start))));
    }
    for (name, place) in UNITS {
        if let Some(unit) = inner(accelerator, place) {
            let path = format!("{path}.{}", place.join("."));
            add(name, signals(unit, &path, |signal| TELLING.iter().any(|end| part_ends(signal, end))));
        }
    }
    let rows = inner(accelerator, &["core", "array"])
        .into_iter()
        .flat_map(scopes)
        .filter(|scope| scope.identifier.starts_with("rows"));
    for (number, row) in rows.enumerate() {
        let macs = scopes(row).filter(|scope| scope.identifier.starts_with("pes")).flat_map(|pe| {
            let path = format!("{path}.core.array.{}.{}", row.identifier, pe.identifier);
            signals(pe, &path, |signal| signal == "mac")
        });
        add(&format!("MACs_of_row_{number}"), macs.collect());
    }
    groups
}

/// The accelerator's scope, which holds a shell and a buffer, and its path.
fn find<'a>(items: &'a [ScopeItem], above: &str) -> Option<(&'a Scope, String)> {
    items.iter().find_map(|item| {
        let ScopeItem::Scope(scope) = item else { return None };
        let path = if above.is_empty() { scope.identifier.clone() } else { format!("{above}.{}", scope.identifier) };
        let has = |name: &str| scopes(scope).any(|inner| inner.identifier == name);
        if has("shell") && has("glb") {
            return Some((scope, path));
        }
        find(&scope.children, &path)
    })
}

/// The scope at a place within another one.
fn inner<'a>(scope: &'a Scope, place: &[&str]) -> Option<&'a Scope> {
    place.iter().try_fold(scope, |scope, name| scopes(scope).find(|scope| scope.identifier == *name))
}

fn scopes(scope: &Scope) -> impl Iterator<Item = &Scope> {
    scope.children.iter().filter_map(|item| match item {
        ScopeItem::Scope(scope) => Some(scope),
        _ => None,
    })
}

/// The signals of a scope that are wanted.
fn signals(scope: &Scope, path: &str, wanted: impl Fn(&str) -> bool) -> Vec<Signal> {
    let vars = scope.children.iter().filter_map(|item| match item {
        ScopeItem::Var(var) if wanted(&var.reference) => Some(var),
        _ => None,
    });
    vars.map(|Var { reference, size, index, .. }| Signal {
        path: format!("{path}.{reference}"),
        bits: *size,
        index: *index,
    })
    .collect()
}

/// Whether a name is `end`, or ends in it as a word of its own.
fn part_ends(name: &str, end: &str) -> bool {
    name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
}

/// A save file of GTKWave: numbers are flags, of which 22 is hexadecimal, 28 binary, 800200 and 1000200 begin and end a group.
fn gtkwave(groups: &[Group]) -> String {
    let mut text = String::new();
    for Group { name, signals } in groups {
        let _ = writeln!(text, "@800200\n-{name}");
        for Signal { path, bits, index } in signals {
            let _ = match (index, bits) {
                (_, 1) => writeln!(text, "@28\n{path}"),
                (Some(index), _) => writeln!(text, "@22\n{path}{index}"),
                (None, bits) => writeln!(text, "@22\n{path}[{}:0]", bits - 1),
            };
        }
        let _ = writeln!(text, "@1000200\n-{name}");
    }
    text
}

/// A command file of Surfer: a divider with the group's name before its signals.
fn surfer(groups: &[Group]) -> String {
    let mut text = String::new();
    for Group { name, signals } in groups {
        let _ = writeln!(text, "divider_add {name}");
        for Signal { path, .. } in signals {
            let _ = writeln!(text, "variable_add {path}");
        }
    }
    text.push_str("zoom_fit\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    const VCD: &[u8] = b"
        $scope module bench $end $scope module uut $end
        $var wire 1 a irq $end $var wire 12 b s_axil_araddr [11:0] $end $var wire 8 c other $end
        $scope module shell $end $scope module loader $end
        $var wire 1 d loaded_post $end $var wire 1 e already $end $var wire 4 f cause $end
        $upscope $end $upscope $end $scope module glb $end $upscope $end
        $scope module core $end $scope module array $end
        $scope module rows_0 $end $scope module pes_0 $end $var wire 1 g mac $end $upscope $end
        $scope module pes_1 $end $var wire 1 h mac $end $upscope $end $upscope $end
        $upscope $end $upscope $end $upscope $end $upscope $end $enddefinitions $end\n";

    #[test]
    fn signals_stand_in_the_groups_of_their_units() {
        let groups = groups(&Parser::new(VCD).parse_header().unwrap());
        expect![[r#"
            @800200
            -Host
            @28
            bench.uut.irq
            @22
            bench.uut.s_axil_araddr[11:0]
            @1000200
            -Host
            @800200
            -Ifmap_loads
            @28
            bench.uut.shell.loader.loaded_post
            @22
            bench.uut.shell.loader.cause[3:0]
            @1000200
            -Ifmap_loads
            @800200
            -MACs_of_row_0
            @28
            bench.uut.core.array.rows_0.pes_0.mac
            @28
            bench.uut.core.array.rows_0.pes_1.mac
            @1000200
            -MACs_of_row_0
        "#]]
        .assert_eq(&gtkwave(&groups));
        expect![[r#"
            divider_add Host
            variable_add bench.uut.irq
            variable_add bench.uut.s_axil_araddr
            divider_add Ifmap_loads
            variable_add bench.uut.shell.loader.loaded_post
            variable_add bench.uut.shell.loader.cause
            divider_add MACs_of_row_0
            variable_add bench.uut.core.array.rows_0.pes_0.mac
            variable_add bench.uut.core.array.rows_0.pes_1.mac
            zoom_fit
        "#]]
        .assert_eq(&surfer(&groups));
    }

    #[test]
    fn a_waveform_of_something_else_has_no_groups() {
        let other = &b"$scope module a $end $var wire 1 b c $end $upscope $end $enddefinitions $end\n"[..];
        assert!(groups(&Parser::new(other).parse_header().unwrap()).is_empty());
    }
}
