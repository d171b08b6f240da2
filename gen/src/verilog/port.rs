//! The ports of a module.
//!
//! A field is a port, a clock two; the fields of a `Vec` (`pes[0].act`, `pes[1].act`, …) are one vector, `pes_act`, with the
//! first element in its lowest bits. A top has its fields one by one, since other things than this writer connect to it.

use super::names::{clock_names, Namer};
use super::scope::{Carries, Direction, Field};
use std::collections::HashMap;

/// A port: its name in Verilog, its width and what it carries.
#[derive(Clone, Debug)]
pub(super) struct Port {
    pub name: String,
    /// The field, or for a vector what its elements are called without their number.
    pub path: String,
    pub bits: usize,
    pub direction: Direction,
    pub holds: Holds,
}

/// What a port carries, by the numbers of fields.
#[derive(Clone, Debug)]
pub(super) enum Holds {
    Clock(usize),
    Reset(usize),
    /// One signal, or the elements of a vector.
    Signals(Vec<usize>),
}

/// Bits of a vector that are a signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element {
    pub vector: String,
    pub low: usize,
    /// Width of the vector.
    pub total: usize,
}

impl Element {
    /// The element as an operand or a target.
    pub fn text(&self, bits: usize) -> String {
        let Element { vector, low, total } = self;
        match bits {
            _ if bits == *total => vector.clone(),
            1 => format!("{vector}[{low}]"),
            _ => format!("{vector}[{}*{bits} +: {bits}]", low / bits),
        }
    }
}

/// The ports of a block with these fields. `wired` says of a field whether it may be part of a vector.
pub(super) fn ports(fields: &[&Field], namer: &mut Namer, wired: impl Fn(usize) -> bool) -> Vec<Port> {
    let vectors = vectors(fields, wired);
    let mut list = vec![];
    for (f, field) in fields.iter().enumerate() {
        let mut add = |path: &str, name: &str, bits: usize, holds: Holds| {
            let name = namer.name(name);
            list.push(Port { name, path: path.into(), bits, direction: field.direction, holds });
        };
        if field.carries == Carries::Clock {
            let (clk, rst) = clock_names(&field.path);
            add(&field.path, &clk, 1, Holds::Clock(f));
            add(&field.path, &rst, 1, Holds::Reset(f));
            continue;
        }
        match vectors.get(&f) {
            None => add(&field.path, &field.path, field.bits, Holds::Signals(vec![f])),
            Some((path, elements)) if elements[0] == f => {
                add(path, path, field.bits * elements.len(), Holds::Signals(elements.clone()))
            }
            Some(_) => {}
        }
    }
    list
}

/// For each field that is an element, the vector's path and its elements in order.
fn vectors(fields: &[&Field], wired: impl Fn(usize) -> bool) -> HashMap<usize, (String, Vec<usize>)> {
    let mut families: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
    for (f, field) in fields.iter().enumerate() {
        if let Some((path, number)) = numbered(&field.path) {
            families.entry(path).or_default().push((number, f));
        }
    }
    let mut vectors = HashMap::new();
    for (path, mut members) in families {
        members.sort_unstable();
        let first = fields[members[0].1];
        let fits = |(i, &(number, f)): (usize, &(usize, usize))| {
            let field = fields[f];
            let alike = field.direction == first.direction && field.bits == first.bits;
            number == i && alike && field.carries == Carries::Word && wired(f)
        };
        if members.len() > 1 && members.iter().enumerate().all(fits) {
            let elements: Vec<usize> = members.iter().map(|&(_, f)| f).collect();
            vectors.extend(elements.iter().map(|&f| (f, (path.clone(), elements.clone()))));
        }
    }
    vectors
}

/// The path without its number, and the number, if it has just one.
fn numbered(path: &str) -> Option<(String, usize)> {
    let is_number = |part: &&str| part.bytes().all(|c| c.is_ascii_digit());
    let mut numbers = path.split('$').filter(is_number);
    let number = numbers.next().filter(|_| numbers.next().is_none())?.parse().ok()?;
    let words: Vec<&str> = path.split('$').filter(|part| !is_number(part)).collect();
    Some((words.join("$"), number))
}
