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
    /// It is a concatenation of several parts.
    parts: bool,
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Text {
    pub fn primary(text: String) -> Text {
        Text { text, level: Level::Primary, signed: false, parts: false }
    }

    /// `{n{text}}`.
    pub fn repeated(n: usize, text: &Text) -> Text {
        Text::primary(format!("{{{n}{{{text}}}}}"))
    }

    /// The same bits as an operand that Verilog takes as signed.
    pub fn as_signed(self) -> Text {
        Text { text: format!("$signed({})", self.text), level: Level::Primary, signed: true, parts: false }
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
        Text { text: format!("{op}{inner}"), level: Level::Unary, signed: false, parts: false }
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
        Text { text: operation(a, op, level, b), level, signed: false, parts: false }
    }

    /// `a op b` of signed operands, with a signed result; the distance of a shift is not an operand.
    pub fn signed_binary(a: Text, op: &str, level: Level, b: Text) -> Text {
        Text { text: operation(a, op, level, b), level, signed: true, parts: false }
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

/// `{a, b, …}`; concatenations inside become part of it.
pub(super) fn concat(parts: Vec<Text>) -> Text {
    let mut parts = parts;
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let list: Vec<String> = parts
        .into_iter()
        .map(|part| if part.parts { part.text[1..part.text.len() - 1].to_string() } else { part.text })
        .collect();
    Text { text: format!("{{{}}}", list.join(", ")), level: Level::Primary, signed: false, parts: true }
}

/// The low `bits` bits of `value`.
pub(super) fn literal(value: i128, bits: usize) -> Text {
    Text::primary(any_literal(value, bits))
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
    Text { text: format!("{sign}{bits}'sd{}", value.abs()), level: Level::Primary, signed: true, parts: false }
}
