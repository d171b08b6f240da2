//! Bits that nothing in a module reads: an input or a value may have more than one of its users needs, and an output may lead nowhere.
//!
//! They are said in wires whose names begin with `unused`, by which Verilator and others know that they are left over on purpose.

use super::always::words;
use super::nets::Net;
use std::collections::HashMap;

/// Outputs of instances that lead nowhere, on a vector of their own.
#[derive(Default)]
pub(super) struct Open {
    bits: usize,
}

impl Open {
    /// What the pin of an output of `bits` bits is connected to. [`Open::named`] puts in the vector's name.
    pub fn pin(&mut self, bits: usize) -> String {
        let low = self.bits;
        self.bits += bits;
        match bits {
            1 => format!("{PLACE}[{low}]"),
            _ => format!("{PLACE}[{}:{low}]", low + bits - 1),
        }
    }

    /// Bits of the vector.
    pub fn bits(&self) -> usize {
        self.bits
    }

    /// `line` with the vector's name.
    pub fn named(&self, line: &str, name: &str) -> String {
        let whole = match self.bits {
            1 => format!("{PLACE}[0]"),
            bits => format!("{PLACE}[{}:0]", bits - 1),
        };
        line.replace(&whole, name).replace(PLACE, name)
    }
}

const PLACE: &str = "\u{3}";

/// The wire that takes what is not read of `signals`, names as they are declared, with their bits; `reads` is text whose names are all read, `statements` are lines
/// of assignments and blocks.
pub(super) fn unread<'a>(
    signals: impl Iterator<Item = (&'a str, usize)>,
    reads: impl Iterator<Item = &'a str>,
    statements: impl Iterator<Item = &'a str>,
    name: impl FnOnce() -> String,
) -> Option<Net> {
    let list: Vec<(&str, usize)> = signals.collect();
    let mut left: HashMap<&str, Vec<bool>> = list.iter().map(|(name, bits)| (word(name), vec![true; *bits])).collect();
    reads.for_each(|text| read(text, &mut left));
    statements.for_each(|line| line.split(';').for_each(|statement| read(&without_target(statement), &mut left)));
    let parts: Vec<String> = list.iter().filter_map(|(name, _)| part(name, &left[word(name)])).collect();
    let value = format!("&{{1'b0, {}}}", parts.join(", "));
    (!parts.is_empty()).then(|| Net { name: name(), bits: 1, value })
}

/// The name of a signal, or of a memory that is declared as `name [0:7]`.
fn word(name: &str) -> &str {
    name.split(' ').next().unwrap_or_default()
}

/// The bits of a signal that are left, as an operand: a range, or all of it where they are in several places. Of a memory of which no
/// place is read, a place.
fn part(name: &str, left: &[bool]) -> Option<String> {
    if let Some((memory, _)) = name.split_once(' ') {
        return left.iter().all(|bit| *bit).then(|| format!("{memory}[0]"));
    }
    let (low, high) = (left.iter().position(|bit| *bit)?, left.iter().rposition(|bit| *bit)?);
    Some(match (low, high) {
        _ if (low, high + 1) == (0, left.len()) || left[low..=high].contains(&false) => name.to_string(),
        _ if low == high => format!("{name}[{low}]"),
        _ => format!("{name}[{high}:{low}]"),
    })
}

/// Strikes out what `text` reads.
fn read(text: &str, left: &mut HashMap<&str, Vec<bool>>) {
    for (word, rest) in words(text) {
        let Some(bits) = left.get_mut(word) else { continue };
        let (low, high) = range(rest).unwrap_or((0, bits.len() - 1));
        bits[low..=high].fill(false);
    }
}

/// The bits of `[7:0]`, `[3]` or `[2*8 +: 8]` at the beginning of `rest`, if they are constant.
fn range(rest: &str) -> Option<(usize, usize)> {
    let (index, _) = rest.strip_prefix('[')?.split_once(']')?;
    let number =
        |text: &str| text.split('*').map(|factor| factor.trim().parse::<usize>().ok()).product::<Option<usize>>();
    match (index.split_once(" +: "), index.split_once(':')) {
        (Some((low, bits)), _) => Some((number(low)?, number(low)? + number(bits)? - 1)),
        (None, Some((high, low))) => Some((number(low)?, number(high)?)),
        (None, None) => number(index).map(|bit| (bit, bit)),
    }
}

/// A statement without the name that it assigns, but with what its index reads.
fn without_target(statement: &str) -> String {
    let mut depth = 0;
    let operator = statement.char_indices().find(|(at, c)| {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => (),
        }
        depth == 0 && [" = ", " <= "].iter().any(|operator| statement[*at..].starts_with(operator))
    });
    let Some((at, _)) = operator else { return statement.into() };
    let target = &statement[..at];
    let mut depth = 0;
    let index = target.char_indices().rev().find(|(_, c)| {
        match c {
            ']' => depth += 1,
            '[' => depth -= 1,
            _ => (),
        }
        depth == 0
    });
    let end = index.map_or(0, |(at, c)| if c == '[' { at } else { at + c.len_utf8() });
    let start = target[..end].rfind(|c: char| c != '_' && !c.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
    format!("{} {}", &statement[..start], &statement[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(statements: &[&str], expect: Option<&str>) {
        let signals = [("a", 8), ("b", 1), ("c", 4), ("m1", 1), ("store [0:3]", 6)];
        let net = unread(signals.into_iter(), ["m1"].into_iter(), statements.iter().copied(), || "unused_bits".into());
        assert_eq!(net.map(|net| net.value).as_deref(), expect, "{statements:?}");
    }

    #[test]
    fn what_is_read_is_struck_out() {
        check(&["assign x = a + b;", "  c[b] <= c;", "y <= store[2];"], None);
        check(&["assign x = a[6:1];", "y <= store[1];"], Some("&{1'b0, a, b, c}"));
        check(&["assign x = a[7:1] | {b, c[3], store[b]};"], Some("&{1'b0, a[0], c[2:0]}"));
        check(&["assign x = a[1*4 +: 4] | c[2:0];", "if (b) y <= store[0];"], Some("&{1'b0, a[3:0], c[3]}"));
        check(&["assign x = a[c +: 2] | b | store[c];"], None);
    }

    #[test]
    fn what_is_assigned_is_not_read() {
        check(&["if (a <= 8'd3) b <= c;"], Some("&{1'b0, b, store[0]}"));
        check(&["  a <= 8'd0; b <= a[0]; c <= {3'd0, b};"], Some("&{1'b0, a[7:1], c, store[0]}"));
        check(&["else store[a] <= b;", "3'd4: c = c + 4'd1;"], Some("&{1'b0, store[0]}"));
        check(&["c[2] = a == 8'd1 || b;"], Some("&{1'b0, c, store[0]}"));
    }

    #[test]
    fn pins_that_lead_nowhere_have_bits_of_one_vector() {
        let mut open = Open::default();
        let pins = [open.pin(1), open.pin(4)].map(|pin| format!(".x({pin})"));
        assert_eq!(pins.map(|pin| open.named(&pin, "unused")), [".x(unused[0])", ".x(unused[4:1])"]);
        let mut open = Open::default();
        let pin = open.pin(1);
        assert_eq!(open.named(&pin, "unused"), "unused");
        let mut open = Open::default();
        let pin = open.pin(8);
        assert_eq!(open.named(&pin, "unused"), "unused");
    }
}
