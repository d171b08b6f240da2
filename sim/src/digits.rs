//! Numbers for people.

/// `value` with this many digits that count, or all before the point.
pub fn significant(value: f64, digits: i32) -> String {
    let before = if value > 0.0 { value.log10().floor() as i32 + 1 } else { 1 };
    format!("{value:.0$}", (digits - before).clamp(0, 9) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_count_from_the_first_that_is_not_zero() {
        let cases = [(0.0012345, "0.001234"), (0.5, "0.5000"), (20.318, "20.32"), (123456.0, "123456"), (0.0, "0.000")];
        for (value, expected) in cases {
            assert_eq!(significant(value, 4), expected);
        }
    }
}
