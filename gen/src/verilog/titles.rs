//! Names for modules.
//!
//! Modules are called what `describe!` says. Where several would have one name, each gets a suffix with what tells them
//! apart: the shape of their memory (`fifo_4x16`), their parameters, the widths of their ports, or a number.

use super::collect::Draft;
use super::module::placeholder;
use super::names::Namer;
use super::Module;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Gives the modules their names; the last one is the top and is called `top`.
pub(super) fn entitle(drafts: Vec<Draft>, top: &str) -> Vec<Module> {
    let mut namer = Namer::default();
    let last = drafts.len() - 1;
    let mut names = vec![String::new(); drafts.len()];
    names[last] = namer.name(top);
    let mut families: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, draft) in drafts[..last].iter().enumerate() {
        families.entry(&draft.base).or_default().push(number);
    }
    for (base, members) in families {
        if let [only] = members.as_slice() {
            names[*only] = namer.name(base);
            continue;
        }
        let suffixes = suffixes(&members.iter().map(|&m| &drafts[m]).collect::<Vec<_>>());
        for (&member, suffix) in members.iter().zip(suffixes) {
            names[member] = namer.name(&format!("{base}{suffix}"));
        }
    }
    let by_placeholder: HashMap<String, String> =
        names.iter().enumerate().map(|(number, name)| (placeholder(number), name.clone())).collect();
    drafts
        .into_iter()
        .zip(names)
        .map(|(draft, name)| {
            let body = replaced(&draft.body, &by_placeholder);
            let text = format!("// {}\nmodule {name}{body}", draft.about.replace('\n', "\n// "));
            Module { name, text, own: draft.own }
        })
        .collect()
}

fn replaced(body: &str, names: &HashMap<String, String>) -> String {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let (Some(start), Some(end)) = (rest.find('\u{1}'), rest.find('\u{2}')) {
        out.push_str(&rest[..start]);
        out.push_str(names.get(&rest[start..=end]).map_or("", |name| name));
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}

/// A suffix for each of several modules of one name, all different.
fn suffixes(family: &[&Draft]) -> Vec<String> {
    let memory: Option<Vec<String>> =
        family.iter().map(|draft| draft.traits.memory.map(|(depth, bits)| format!("_{depth}x{bits}"))).collect();
    let consts = varying(family, |draft| draft.traits.consts.clone());
    let widths = varying(family, |draft| draft.traits.widths.iter().map(|&w| w as i128).collect());
    let both = memory.clone().zip(consts.clone()).map(|(a, b)| a.into_iter().zip(b).map(|(a, b)| a + &b).collect());
    let candidates = [memory, consts, widths, both];
    for candidate in candidates.into_iter().flatten() {
        if candidate.iter().collect::<HashSet<_>>().len() == family.len() {
            return candidate;
        }
    }
    (1..=family.len()).map(|i| if i == 1 { String::new() } else { format!("_{i}") }).collect()
}

/// For each module, its values of those numbers that differ among them, if these are few.
fn varying(family: &[&Draft], numbers: impl Fn(&Draft) -> Vec<i128>) -> Option<Vec<String>> {
    let rows: Vec<Vec<i128>> = family.iter().map(|draft| numbers(draft)).collect();
    if rows.iter().any(|row| row.len() != rows[0].len()) {
        return None;
    }
    let mut columns: Vec<Vec<i128>> = (0..rows[0].len()).map(|i| rows.iter().map(|row| row[i]).collect()).collect();
    columns.retain(|column| column.iter().any(|value| *value != column[0]));
    columns.dedup();
    if columns.is_empty() || columns.len() > 3 {
        return None;
    }
    let name = |i: usize| columns.iter().map(|column| format!("_{}", column[i])).collect::<String>();
    Some((0..family.len()).map(name).collect())
}
