//! Pieces of Verilog with what is needed to put them together: precedence, and whether they are signed.

use std::fmt;

/// How tightly an operator binds, from the loosest up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Choice,
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
    /// The value and width of a literal.
    literal: Option<(u128, usize)>,
    /// For bits of a name: which.
    piece: Option<Piece>,
}

/// Some bits of a named vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub name: String,
    pub low: usize,
    pub bits: usize,
    /// Width of the vector.
    pub total: usize,
}

impl Piece {
    pub fn text(&self) -> String {
        let Piece { name, low, bits, total } = self;
        match bits {
            _ if bits == total => name.clone(),
            1 => format!("{name}[{low}]"),
            _ => format!("{name}[{}:{low}]", low + bits - 1),
        }
    }

    /// The bits of both, if `lower` ends where this begins.
    fn joined(&self, lower: &Piece) -> Option<Piece> {
        let next = self.name == lower.name && self.low == lower.low + lower.bits;
        next.then(|| Piece { low: lower.low, bits: self.bits + lower.bits, ..self.clone() })
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Text {
    pub fn primary(text: String) -> Text {
        Text { text, level: Level::Primary, signed: false, parts: vec![], literal: None, piece: None }
    }

    /// Bits of a name, written as `text`.
    pub fn piece(text: String, piece: Piece) -> Text {
        Text { piece: Some(piece), ..Text::primary(text) }
    }

    /// `{n{text}}`.
    pub fn repeated(n: usize, text: &Text) -> Text {
        if text.literal.is_some() {
            return concat(vec![text.clone(); n]);
        }
        Text::primary(format!("{{{n}{{{text}}}}}"))
    }

    /// The value of a literal.
    pub fn value(&self) -> Option<u128> {
        self.literal.map(|(value, _)| value)
    }

    /// A name, a part of one, a literal, or several of them side by side.
    pub fn is_plain(&self) -> bool {
        let own = self.level == Level::Primary && !self.text.starts_with(['{', '$']);
        own || (!self.parts.is_empty() && self.parts.iter().all(Text::is_plain))
    }

    /// The same bits as an operand that Verilog takes as signed.
    pub fn into_signed(self) -> Text {
        match self.literal {
            Some((value, bits)) if bits <= 64 => signed_literal(signed(value, bits), bits),
            literal => Text { signed: true, literal, ..Text::primary(format!("$signed({})", self.text)) },
        }
    }

    /// The same bits as an operand that leaves its neighbours unsigned.
    pub fn into_unsigned(self) -> Text {
        match (self.signed, self.literal) {
            (false, _) => self,
            (true, Some((value, bits))) => literal(value as i128, bits),
            (true, None) => Text::primary(format!("$unsigned({})", self.text)),
        }
    }

    pub fn unary(self, op: &str) -> Text {
        if let Some((value, bits)) = self.literal {
            return match op {
                "-" => literal((value as i128).wrapping_neg(), bits),
                "~" => literal(!(value as i128), bits),
                "!" => literal((value == 0) as i128, 1),
                "&" => literal((value == mask(bits)) as i128, 1),
                _ => literal((value.count_ones() & 1) as i128, 1),
            };
        }
        let inner = self.into_unsigned().within(Level::Primary);
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
        if let Some(folded) = fold(&a, op, &b) {
            return folded;
        }
        let compares_signed = level == Level::Order && a.signed && b.signed;
        let (a, b) = if compares_signed { (a, b) } else { (a.into_unsigned(), b.into_unsigned()) };
        Text { level, ..Text::primary(operation(a, op, level, b)) }
    }

    /// `test ? a : b` of unsigned operands.
    pub fn choice(test: Text, a: Text, b: Text) -> Text {
        match test.value() {
            Some(0) => b,
            Some(_) => a,
            None => {
                let test = test.into_unsigned().within(Level::Unary);
                let (a, b) = (a.into_unsigned().within(Level::Either), b.into_unsigned().within(Level::Either));
                Text { level: Level::Choice, ..Text::primary(format!("{test} ? {a} : {b}")) }
            }
        }
    }

    /// `a op b` of signed operands, with a signed result; the distance of a shift is not an operand.
    pub fn signed_binary(a: Text, op: &str, level: Level, b: Text) -> Text {
        if let Some(folded) = fold(&a, op, &b) {
            return folded;
        }
        Text { level, signed: true, ..Text::primary(operation(a, op, level, b)) }
    }
}

fn mask(bits: usize) -> u128 {
    if bits >= 128 {
        u128::MAX
    } else {
        (1 << bits) - 1
    }
}

/// The low `bits` bits of `value` as two's complement.
fn signed(value: u128, bits: usize) -> i128 {
    let unused = 128 - bits as u32;
    ((value << unused) as i128) >> unused
}

/// `a op b` of two literals. A block that reads nothing is one that Icarus never runs.
fn fold(a: &Text, op: &str, b: &Text) -> Option<Text> {
    let ((x, bits), (y, _)) = a.literal.zip(b.literal)?;
    let number = |value: u128, is_signed: bool| if is_signed { signed(value, bits) } else { value as i128 };
    let (i, j) = (number(x, a.signed), number(y, b.signed));
    let far = y >= 128;
    let truth = |value: bool| Some(literal(value as i128, 1));
    match op {
        "+" => Some(literal(i.wrapping_add(j), bits)),
        "-" => Some(literal(i.wrapping_sub(j), bits)),
        "*" => Some(literal(i.wrapping_mul(j), bits)),
        "&" => Some(literal(i & j, bits)),
        "|" => Some(literal(i | j, bits)),
        "^" => Some(literal(i ^ j, bits)),
        "<<" => Some(literal(if far { 0 } else { (x << y) as i128 }, bits)),
        ">>" => Some(literal(if far { 0 } else { (x >> y) as i128 }, bits)),
        ">>>" => Some(literal(i >> y.min(127), bits)),
        "==" => truth(x == y),
        "!=" => truth(x != y),
        "<" => truth(i < j),
        "<=" => truth(i <= j),
        ">" => truth(i > j),
        ">=" => truth(i >= j),
        "&&" => truth(x != 0 && y != 0),
        _ => truth(x != 0 || y != 0),
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
    let follows = b.level == level && matches!(level, Level::Both | Level::Either);
    let a = if same { a.text } else { a.within(left) };
    // `a - -b`, `a & &b`: legal, and hard to read.
    let b = if b.level == Level::Unary && !b.text.starts_with('!') {
        format!("({})", b.text)
    } else {
        b.within(if follows { level } else { right })
    };
    format!("{a}{chain}{b}")
}

/// `{a, b, …}`; concatenations inside become part of it, zeros side by side one number and bits side by side one range.
pub(super) fn concat(parts: Vec<Text>) -> Text {
    let mut list: Vec<Text> = vec![];
    for part in parts.into_iter().flat_map(|part| if part.parts.is_empty() { vec![part] } else { part.parts }) {
        let one = list.last().and_then(|last| match (last.literal, part.literal, &last.piece, &part.piece) {
            (Some((0, a)), Some((0, b)), ..) => Some(literal(0, a + b)),
            (_, _, Some(high), Some(low)) => high.joined(low).map(|piece| Text::piece(piece.text(), piece)),
            _ => None,
        });
        match one {
            Some(one) => {
                list.pop();
                list.push(one);
            }
            None => list.push(part),
        }
    }
    if list.len() == 1 {
        return list.remove(0);
    }
    if let Some(values) = list.iter().map(|part| part.literal).collect::<Option<Vec<_>>>() {
        let bits = values.iter().map(|(_, bits)| bits).sum();
        if bits <= 128 {
            return literal(values.iter().fold(0, |all, (value, bits)| (all << bits) | *value as i128), bits);
        }
    }
    let text = list.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(", ");
    Text { parts: list, ..Text::primary(format!("{{{text}}}")) }
}

/// The low `bits` bits of `value`.
pub(super) fn literal(value: i128, bits: usize) -> Text {
    Text { literal: Some((value as u128 & mask(bits), bits)), ..Text::primary(any_literal(value, bits)) }
}

/// The low `bits` bits of `value`, as text: decimal where that is short, else hexadecimal.
pub(super) fn any_literal(value: i128, bits: usize) -> String {
    let raw = value as u128 & mask(bits);
    if bits == 1 {
        format!("1'b{raw}")
    } else if raw < 10_000 {
        format!("{bits}'d{raw}")
    } else {
        format!("{bits}'h{raw:x}")
    }
}

/// `value`, which `bits` bits hold, as a signed literal.
fn signed_literal(value: i128, bits: usize) -> Text {
    let sign = if value < 0 { "-" } else { "" };
    let literal = Some((value as u128 & mask(bits), bits));
    // The most negative number has no positive one to negate.
    let text = match value == i128::MIN >> (128 - bits) {
        true => format!("{bits}'sh{:x}", value as u128 & mask(bits)),
        false => format!("{sign}{bits}'sd{}", value.abs()),
    };
    Text { signed: true, literal, ..Text::primary(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Once shifted by their own width, which only a build with checks of overflows told.
    #[test]
    fn literals_as_wide_as_they_can_be() {
        assert_eq!(concat(vec![literal(0, 128)]).text, "128'd0");
        assert_eq!(concat(vec![literal(0, 100), literal(0, 28)]).text, "128'd0");
        assert_eq!(concat(vec![literal(1, 64), literal(2, 64)]).text, "128'h10000000000000002");
        assert_eq!(signed_literal(i128::MIN, 128).text, "128'sh80000000000000000000000000000000");
        assert_eq!(signed_literal(-128, 8).text, "8'sh80");
    }
}
