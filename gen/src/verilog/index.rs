//! Evaluates the indices in names such as `pes[i*cols$index()+j-1]$act_in` and `lane[of[i]$index()]`.

use super::error::Fault;

/// `name` as the probe knows it: `pes[1][2]$x` becomes `pes$1$2$x`. `value_of` gives a name inside an index its number.
pub(super) fn resolve(name: &str, value_of: &dyn Fn(&str) -> Result<i128, String>) -> Result<String, Fault> {
    let text: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    let mut rest = text.strip_suffix("$next").unwrap_or(&text);
    let mut out = String::with_capacity(rest.len());
    while let Some(open) = rest.find('[') {
        out.push_str(&rest[..open]);
        let fault = |reason: String| Fault::BadIndex { name: readable(name), reason };
        let close = matching(&rest[open..]).ok_or_else(|| fault("a `]` is missing".into()))? + open;
        let value = evaluate(&rest[open + 1..close], value_of).map_err(fault)?;
        if value < 0 {
            return Err(fault(format!("it is {value}")));
        }
        out.push('$');
        out.push_str(&value.to_string());
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

/// A name as its author wrote it.
pub(super) fn readable(name: &str) -> String {
    let mut out = String::new();
    let mut parts = name.trim_end_matches("$next").split('$');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        if !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit()) {
            out.push_str(&format!("[{part}]"));
        } else {
            out.push('.');
            out.push_str(part);
        }
    }
    out
}

fn matching(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (i, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' if depth == 1 => return Some(i),
            ']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The value of an expression of integers, names, `+ - * / %` and parentheses.
fn evaluate(text: &str, value_of: &dyn Fn(&str) -> Result<i128, String>) -> Result<i128, String> {
    let mut parser = Parser { text, at: 0, value_of };
    let value = parser.sum()?;
    if parser.at < text.len() {
        return Err(format!("`{}` is not integer arithmetic", readable(&text[parser.at..])));
    }
    Ok(value)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    value_of: &'a dyn Fn(&str) -> Result<i128, String>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, wanted: &[u8]) -> Option<u8> {
        let c = self.peek().filter(|c| wanted.contains(c))?;
        self.at += 1;
        Some(c)
    }

    fn sum(&mut self) -> Result<i128, String> {
        let mut value = self.product()?;
        while let Some(op) = self.take(b"+-") {
            let other = self.product()?;
            let result = if op == b'+' { value.checked_add(other) } else { value.checked_sub(other) };
            value = result.ok_or("it overflows")?;
        }
        Ok(value)
    }

    fn product(&mut self) -> Result<i128, String> {
        let mut value = self.factor()?;
        while let Some(op) = self.take(b"*/%") {
            let other = self.factor()?;
            let result = match op {
                b'*' => value.checked_mul(other),
                b'/' => value.checked_div(other),
                _ => value.checked_rem(other),
            };
            value = result.ok_or("it divides by zero or overflows")?;
        }
        Ok(value)
    }

    fn factor(&mut self) -> Result<i128, String> {
        if self.take(b"(").is_some() {
            let value = self.sum()?;
            return self.take(b")").map(|_| value).ok_or_else(|| "a `)` is missing".into());
        }
        let start = self.at;
        while let Some(c) = self.peek() {
            if c.is_ascii_alphanumeric() || c == b'_' || c == b'$' {
                self.at += 1;
            } else if self.text[self.at..].starts_with("()") && self.at > start {
                self.at += 2;
            } else if c == b'[' && self.at > start {
                self.at += matching(&self.text[self.at..]).ok_or("a `]` is missing")? + 1;
            } else {
                break;
            }
        }
        let token = &self.text[start..self.at];
        match token.as_bytes().first() {
            Some(c) if c.is_ascii_digit() => {
                let digits = token.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '_');
                let digits = if token.ends_with("usize") || token.ends_with("i32") {
                    token.trim_end_matches("usize").trim_end_matches("i32")
                } else {
                    digits
                };
                digits.replace('_', "").parse().map_err(|_| format!("`{token}` is not a number"))
            }
            Some(_) if token.contains('[') => {
                let name = resolve(token, self.value_of).map_err(|fault| fault.to_string())?;
                (self.value_of)(&name)
            }
            Some(_) => (self.value_of)(token),
            None => Err("a number or a name is missing".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expect: &str) {
        let value_of = |name: &str| match name {
            "i" => Ok(3),
            "j" => Ok(1),
            "cols$index()" | "cols$val()" => Ok(14),
            "of$4$index()" => Ok(9),
            _ => Err(format!("`{name}` is not known")),
        };
        let got = resolve(name, &value_of).unwrap_or_else(|e| e.to_string());
        assert_eq!(got, expect);
    }

    #[test]
    fn indices_are_evaluated() {
        check("x", "x");
        check("x$next", "x");
        check("pes[0]$act$next", "pes$0$act");
        check("pes[i][j - 1]$q", "pes$3$0$q");
        check("pes[i*cols$index()+j-1]$act_in$next", "pes$42$act_in");
        check("lane[((i+1))]", "lane$4");
        check("lane[(i + 7) / 2 % 4]", "lane$1");
        check("lane[1usize]", "lane$1");
        check("lane[cols$val() - 2*i]", "lane$8");
        check("lane[of[i + j]$index() + 1]$q", "lane$10$q");
    }

    #[test]
    fn an_index_that_is_no_number_is_refused() {
        check("lane[i-4]", "the index in `lane[i-4]` cannot be evaluated: it is -1");
        check("lane[k]", "the index in `lane[k]` cannot be evaluated: `k` is not known");
        check("lane[i/0]", "the index in `lane[i/0]` cannot be evaluated: it divides by zero or overflows");
        check(
            "lane[of[i]$index()]",
            "the index in `lane[of[i].index()]` cannot be evaluated: `of$3$index()` is not known",
        );
        check("lane[(i]", "the index in `lane[(i]` cannot be evaluated: a `)` is missing");
        check("lane[i&1]", "the index in `lane[i&1]` cannot be evaluated: `&1` is not integer arithmetic");
    }
}
