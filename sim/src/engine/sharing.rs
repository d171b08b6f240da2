//! Work of a verilated model that several threads can do at a time.
//!
//! Verilator evaluates a clock edge by a list of calls, the function `eval_nba`. Instances of modules that are not inlined have calls of
//! their own, and one function serves all instances of a module ([`super::hints`]); Verilator's own threads undo that. Where calls for many instances follow each other, and the
//! functions write nothing but what belongs to the instance and to those in it, the *families* (an instance with those in it) do not
//! depend on each other, and `team.h` gives each thread some of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The definition of the list of calls.
const LIST: &str = "void Vdesign___024root___eval_nba(Vdesign___024root* vlSelf) {\n";
/// Calls in a row that are worth the threads' agreeing on them.
const FEWEST_CALLS: usize = 48;

/// A call for an instance, a line of the list.
#[derive(Clone, Copy)]
struct Call<'a> {
    function: &'a str,
    instance: &'a str,
    line: &'a str,
}

/// `sources`, the C++ of a model, file by file, with families in the place of calls. None where there is nothing to share, or where a function
/// does more than is known of it. The result is the index of the file that changes, and its text.
pub fn shared(sources: &[String]) -> Option<(usize, String)> {
    let at = sources.iter().position(|source| source.contains(LIST))?;
    let source = &sources[at];
    let start = source.find(LIST)?;
    let body = function_body(source, start + LIST.len())?;

    let lines: Vec<&str> = body.split_inclusive('\n').collect();
    let calls: Vec<Option<Call>> = lines.iter().map(|line| call(line)).collect();
    let groups: Vec<_> = calls.chunk_by(|a, b| a.is_some() == b.is_some()).collect();
    let worth = |group: &[Option<Call>]| group.iter().flatten().count() >= FEWEST_CALLS;
    let all = || groups.iter().filter(|group| worth(group)).flat_map(|group| group.iter().flatten());
    let functions: BTreeSet<&str> = all().map(|call| call.function).collect();
    if functions.is_empty() || !functions.iter().all(|function| keeps_to_itself(sources, function, &mut vec![])) {
        return None;
    }
    let families = Families::of(all());

    let (mut tables, mut list, mut at_line) = (String::from("#include \"team.h\"\n\n"), String::new(), 0);
    for (number, group) in groups.iter().enumerate() {
        let text = lines[at_line..at_line + group.len()].concat();
        at_line += group.len();
        if !worth(group) {
            list.push_str(&text);
            continue;
        }
        let count = families.table(&mut tables, number, group.iter().flatten());
        let _ = writeln!(list, "        tessera_team->evaluate(vlSymsp, families_{number}, {count});");
    }
    let (before, after) = (&source[..start], &source[start + LIST.len() + body.len()..]);
    Some((at, [before, &tables, LIST, &list, after].concat()))
}

/// All families of a model, by their outermost instance.
struct Families<'a> {
    instances: BTreeSet<&'a str>,
    /// Where each lies among those of its module, from 0 to 65535: the same in all groups of calls, so that a thread keeps its families.
    places: BTreeMap<&'a str, usize>,
}

impl<'a> Families<'a> {
    fn of(calls: impl Iterator<Item = &'a Call<'a>>) -> Self {
        let mut modules: BTreeMap<&str, &str> = BTreeMap::new();
        let mut order = vec![];
        for call in calls {
            order.push(call.instance);
            modules.insert(call.instance, call.function.split("___").next().unwrap_or_default());
        }
        let instances: BTreeSet<&str> = modules.keys().copied().collect();
        let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for instance in order {
            let outer = outermost(instance, &instances);
            let kind = kinds.entry(modules[outer]).or_default();
            if !kind.contains(&outer) {
                kind.push(outer);
            }
        }
        let places = kinds.values().flat_map(|kind| {
            let place = |index: usize| ((2 * index + 1) << 16) / (2 * kind.len());
            kind.iter().enumerate().map(move |(index, outer)| (*outer, place(index)))
        });
        Families { places: places.collect(), instances }
    }

    /// The families of a group of calls, as functions and as a table of them; how many there are.
    fn table<'b>(&self, text: &mut String, group: usize, calls: impl Iterator<Item = &'b Call<'b>>) -> usize {
        let mut families: BTreeMap<&str, String> = BTreeMap::new();
        for call in calls {
            families.entry(outermost(call.instance, &self.instances)).or_default().push_str(call.line);
        }
        let mut rows = String::new();
        for (number, (outer, lines)) in families.iter().enumerate() {
            let name = format!("family_{group}_{number}");
            let _ = writeln!(text, "static void {name}(Vdesign__Syms* const vlSymsp) {{\n{lines}}}\n");
            let _ = writeln!(rows, "    {{{name}, {}}},", self.places[outer]);
        }
        let _ = writeln!(text, "static const Family families_{group}[] = {{\n{rows}}};\n");
        families.len()
    }
}

/// The outermost of `instances` that `instance` is in.
fn outermost<'a>(instance: &'a str, instances: &BTreeSet<&str>) -> &'a str {
    let ends = instance.match_indices("__").map(|(end, _)| &instance[..end]);
    ends.into_iter().find(|outer| instances.contains(outer)).unwrap_or(instance)
}

/// `        Vdesign_pe___nba_sequent__0((&vlSymsp->TOP__pe_0));`
fn call(line: &str) -> Option<Call<'_>> {
    let (function, argument) = line.trim().strip_suffix("));")?.split_once("((&vlSymsp->")?;
    let name = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (name(function) && name(argument)).then_some(Call { function, instance: argument, line })
}

/// What stands between the brace before `start` and the one that ends the function.
fn function_body(source: &str, start: usize) -> Option<&str> {
    source[start..].find("\n}").map(|end| &source[start..start + end + 1])
}

/// The function writes nothing but through `vlSelf`, its instance, and reads nothing else but signals of the top, which are not
/// written while families are evaluated; and so do those that it calls.
fn keeps_to_itself<'a>(sources: &'a [String], function: &'a str, known: &mut Vec<&'a str>) -> bool {
    if known.contains(&function) {
        return true;
    }
    known.push(function);
    let definition = format!("void {function}(");
    let body = sources.iter().find_map(|source| {
        source.match_indices(&definition).find_map(|(at, _)| {
            let open = at + source[at..].find(") {\n")? + 4;
            let is_definition = !source[at..open].contains(';');
            is_definition.then(|| function_body(source, open)).flatten()
        })
    });
    let Some(body) = body else { return false };
    let statements = || body.split([';', '{', '}']).map(str::trim);
    let reads_top = body.match_indices("vlSymsp->").all(|(at, found)| body[at + found.len()..].starts_with("TOP."));
    let writes_top = statements().any(|statement| statement.starts_with("vlSymsp->"));
    // What Verilator says of the whole simulation, which ends or throws, is not for a helper to say.
    let says = body.contains("_MT(");
    let callees = body.match_indices("Vdesign_").filter_map(|(at, _)| {
        let name: &str = body[at..].split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?;
        body[at + name.len()..].starts_with('(').then_some(name)
    });
    reads_top
        && !writes_top
        && !says
        && callees.collect::<Vec<_>>().iter().all(|name| keeps_to_itself(sources, name, known))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of calls for `rows` rows of `columns` PEs, and the functions that it calls, with `statement` in that of a PE.
    fn model(rows: usize, columns: usize, statement: &str) -> Vec<String> {
        let mut list = format!("{LIST}    if (vlSelf->__VnbaTriggered.at(0U)) {{\n        root_0(vlSelf);\n");
        for row in 0..rows {
            for column in 0..columns {
                let _ = writeln!(list, "        Vdesign_pe___0((&vlSymsp->TOP__rows_{row}__pes_{column}));");
            }
        }
        for row in 0..rows {
            let _ = writeln!(list, "        Vdesign_pe_row___0((&vlSymsp->TOP__rows_{row}));");
        }
        list.push_str("        root_1(vlSelf);\n    }\n}\n\nvoid after() {\n}\n");
        let pe = format!("void Vdesign_pe___0(Vdesign_pe* vlSelf) {{\n    {statement}\n}}\n");
        let row = "void Vdesign_pe_row___0(Vdesign_pe_row* vlSelf) {\n    vlSelf->__PVT__pes_0->x = 1U;\n}\n";
        vec![[pe.as_str(), row].concat(), format!("// Calls\n{list}")]
    }

    #[test]
    fn rows_with_their_pes_are_families() {
        let (at, text) = shared(&model(12, 14, "vlSelf->x = vlSymsp->TOP.layer;")).unwrap();
        assert_eq!(at, 1);
        let families: Vec<&str> = text.split("static void family_").skip(1).collect();
        assert_eq!(families.len(), 12);
        for family in families {
            let row: usize = family.split("TOP__rows_").nth(1).unwrap().split("__").next().unwrap().parse().unwrap();
            let calls = family.lines().filter(|line| line.trim().starts_with("Vdesign_pe")).count();
            assert_eq!(calls, 15, "{family}");
            assert_eq!(family.matches(&format!("TOP__rows_{row}__pes_")).count(), 14);
            assert!(family.contains(&format!("        Vdesign_pe_row___0((&vlSymsp->TOP__rows_{row}));\n}}\n")));
        }
        // Rows by name: 0, 1, 10, 11, 2, ...
        assert!(text.contains("    {family_1_0, 2730},\n") && text.contains("    {family_1_3, 62805},\n"), "{text}");
        let list = text.split(LIST).nth(1).unwrap();
        let expected = "        root_0(vlSelf);\n        tessera_team->evaluate(vlSymsp, families_1, 12);\n        root_1(vlSelf);\n    }\n}\n\nvoid after() {\n}\n";
        assert!(list.ends_with(expected), "{list}");
    }

    #[test]
    fn what_is_not_worth_it_stays() {
        assert!(shared(&model(4, 4, "vlSelf->x = 1U;")).is_none());
        assert!(shared(&["void other() {\n}\n".into()]).is_none());
    }

    #[test]
    fn functions_that_reach_out_of_their_instance_stay() {
        for statement in [
            "vlSymsp->TOP.x = vlSelf->x;",
            "if (vlSelf->y) {\n        vlSymsp->TOP.x = 1U;\n    }",
            "vlSelf->x = vlSymsp->TOP__rows_0__pes_0.x;",
            "Vdesign_pe___unknown(vlSelf);",
            "VL_FATAL_MT(\"design.v\", 1, \"\", \"no end\");",
        ] {
            assert!(shared(&model(12, 14, statement)).is_none(), "{statement}");
        }
        assert!(shared(&model(12, 14, "Vdesign_pe___0(vlSelf);")).is_some());
    }
}
