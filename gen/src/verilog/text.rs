//! Pieces of Verilog with what is needed to put them together: precedence, and whether they are signed.

use std::fmt;

/// How tightly an operator binds, from the loosest up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Either,
    Both,
    Or,
    Xor,
    And,
    Equal,
    Order,
    Shift,
    Sum,
    Product,
    Unary,
    Primary,
}

/// A piece of an expression.
#[derive(Clone, Debug)]
pub(super) struct Text {
    text: String,
    level: Level,
    /// Verilog takes it as signed, which would change what is around it.
    signed: bool,
    /// The parts of a concatenation.
    parts: Vec<Text>,
    /// For a literal that is 0, its width.
    zeros: Option<usize>,
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Text {
    pub fn primary(text: String) -> Text {
        Text { text, level: Level::Primary, signed: false, parts: vec![], zeros: None }
    }

    /// `{n{text}}`.
    pub fn repeated(n: usize, text: &Text) -> Text {
        Text::primary(format!("{{{n}{{{text}}}}}"))
    }

    /// A name, a part of one, a literal, or several of them side by side.
    pub fn is_plain(&self) -> bool {
        let own = self.level == Level::Primary && !self.text.starts_with(['{', '$']);
        own || (!self.parts.is_empty() && self.parts.iter().all(Text::is_plain))
    }

    /// The same bits as an operand that Verilog takes as signed.
    pub fn as_signed(self) -> Text {
        Text { signed: true, ..Text::primary(format!("$signed({})", self.text)) }
    }

    /// The same bits as an operand that leaves its neighbours unsigned.
    pub fn as_unsigned(self) -> Text {
        if self.signed {
            Text::primary(format!("$unsigned({})", self.text))
        } else {
            self
        }
    }

    pub fn unary(self, op: &str) -> Text {
        let inner = self.as_unsigned().within(Level::Primary);
        Text { level: Level::Unary, ..Text::primary(format!("{op}{inner}")) }
    }

    fn within(self, least: Level) -> String {
        if self.level < least {
            format!("({})", self.text)
        } else {
            self.text
        }
    }

    /// `a op b` of unsigned operands, or of two signed ones in an order.
    pub fn binary(a: Text, op: &str, level: Level, b: Text) -> Text {
        let compares_signed = level == Level::Order && a.signed && b.signed;
        let (a, b) = if compares_signed { (a, b) } else { (a.as_unsigned(), b.as_unsigned()) };
        Text { level, ..Text::primary(operation(a, op, level, b)) }
    }

    /// `a op b` of signed operands, with a signed result; the distance of a shift is not an operand.
    pub fn signed_binary(a: Text, op: &str, level: Level, b: Text) -> Text {
        Text { level, signed: true, ..Text::primary(operation(a, op, level, b)) }
    }
}

fn operation(a: Text, op: &str, level: Level, b: Text) -> String {
    // A chain of one operator reads from the left. Beyond sums and products, a mixture gets parentheses.
    let chain = format!(" {op} ");
    let left = match level {
        Level::Sum | Level::Product => level,
        Level::Both | Level::Either => Level::Equal,
        _ => Level::Unary,
    };
    let same = a.level == level && matches!(level, Level::And | Level::Or | Level::Xor | Level::Both | Level::Either);
    let right = match level {
        Level::Sum => Level::Product,
        Level::Both | Level::Either => Level::Equal,
        _ => Level::Unary,
    };
    let a = if same { a.text } else { a.within(left) };
    // `a - -b`, `a & &b`: legal, and hard to read.
    let b = if b.level == Level::Unary && !b.text.starts_with('!') { format!("({})", b.text) } else { b.within(right) };
    format!("{a}{chain}{b}")
}

/// `{a, b, …}`; concatenations inside become part of it, and zeros side by side one number.
pub(super) fn concat(parts: Vec<Text>) -> Text {
    let mut list: Vec<Text> = vec![];
    for part in parts.into_iter().flat_map(|part| if part.parts.is_empty() { vec![part] } else { part.parts }) {
        match (list.last().and_then(|last| last.zeros), part.zeros) {
            (Some(a), Some(b)) => {
                list.pop();
                list.push(literal(0, a + b));
            }
            _ => list.push(part),
        }
    }
    if list.len() == 1 {
        return list.remove(0);
    }
    let text = list.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(", ");
    Text { parts: list, ..Text::primary(format!("{{{text}}}")) }
}

/// The low `bits` bits of `value`.
pub(super) fn literal(value: i128, bits: usize) -> Text {
    Text { zeros: (value == 0).then_some(bits), ..Text::primary(any_literal(value, bits)) }
}

/// The low `bits` bits of `value`, as text: decimal where that is short, else hexadecimal.
pub(super) fn any_literal(value: i128, bits: usize) -> String {
    let raw = if bits >= 128 { value as u128 } else { value as u128 & ((1 << bits) - 1) };
    if bits == 1 {
        format!("1'b{raw}")
    } else if raw < 10_000 {
        format!("{bits}'d{raw}")
    } else {
        format!("{bits}'h{raw:x}")
    }
}

/// The low `bits` bits of `value` as a signed literal.
pub(super) fn signed_literal(value: i128, bits: usize) -> Text {
    let top = 1i128 << (bits - 1).min(126);
    if bits > 64 || !(1 - top..top).contains(&value) {
        return literal(value, bits).as_signed();
    }
    let sign = if value < 0 { "-" } else { "" };
    Text { signed: true, ..Text::primary(format!("{sign}{bits}'sd{}", value.abs())) }
}
