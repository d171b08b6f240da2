//! Fills lines: what belongs together stands on one line, up to [`WIDTH`] columns.

/// Columns that a line has at most, where it can be broken.
const WIDTH: usize = 120;

/// A name with what it is declared as (`wire [7:0]`) and what it belongs to.
pub(super) struct Declared {
    pub group: String,
    pub kind: String,
    pub bits: usize,
    pub name: String,
}

/// What the signal of this path belongs to: `pes$3$act` to `pes$3`, a signal by itself to nothing.
pub(super) fn group_of(path: &str) -> &str {
    path.rsplit_once('$').map_or("", |(group, _)| group)
}

/// The lines of a port list. The ports of an interface, and ports in a row that are declared alike, share a line.
pub(super) fn ports(list: &[Declared]) -> Vec<String> {
    let mut lines = Filler::default();
    let groups = shared(list.iter().map(|port| port.group.as_str()));
    for (i, port) in list.iter().enumerate() {
        let alike = i > 0 && list[i - 1].kind == port.kind;
        let together = i > 0 && groups[i - 1] == groups[i] && (alike || !groups[i].is_empty());
        let comma = if i + 1 < list.len() { "," } else { "" };
        let full = format!("{} {}{comma}", port.kind, port.name);
        let short = if alike { format!("{}{comma}", port.name) } else { full.clone() };
        lines.add(together, &short, &full);
    }
    lines.0
}

/// The pins of an instance, each with what it belongs to. An interface begins a line.
pub(super) fn pins(list: &[(String, String)]) -> Vec<String> {
    let mut lines = Filler::default();
    let groups = shared(list.iter().map(|(group, _)| group.as_str()));
    for (i, (_, pin)) in list.iter().enumerate() {
        let together = i > 0 && (groups[i - 1] == groups[i] || groups[i].is_empty());
        let pin = format!("{pin}{}", if i + 1 < list.len() { "," } else { "" });
        lines.add(together, &pin, &pin);
    }
    lines.0
}

/// What each of a list belongs to; nothing, if none beside it does.
fn shared<'a>(list: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let list: Vec<&str> = list.collect();
    let alone = |i: usize| (i == 0 || list[i - 1] != list[i]) && list.get(i + 1) != Some(&list[i]);
    (0..list.len()).map(|i| if alone(i) { "" } else { list[i] }).collect()
}

/// Declarations, in the order of the groups; in a group, what is declared alike stands together.
pub(super) fn declarations(list: &[Declared]) -> Vec<String> {
    let mut kinds: Vec<(&str, &str, Vec<&str>)> = vec![];
    for item in list {
        let same = |(group, kind, _): &&mut (&str, &str, Vec<&str>)| *group == item.group && *kind == item.kind;
        match kinds.iter_mut().rev().find(same) {
            Some((_, _, names)) => names.push(&item.name),
            None => kinds.push((&item.group, &item.kind, vec![&item.name])),
        }
    }
    let mut order: Vec<&str> = vec![];
    kinds.iter().for_each(|(group, ..)| {
        if !order.contains(group) {
            order.push(group);
        }
    });
    kinds.sort_by_key(|(group, ..)| order.iter().position(|other| other == group));
    kinds.iter().flat_map(|(_, kind, names)| declaration(kind, names)).collect()
}

/// `kind a, b, c;` on as many lines as it takes, each a declaration.
fn declaration(kind: &str, names: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for name in names {
        match lines.last_mut().filter(|line| line.len() + name.len() + 5 <= WIDTH) {
            Some(line) => *line += &format!(", {name}"),
            None => lines.push(format!("{kind} {name}")),
        }
    }
    lines.into_iter().map(|line| line + ";").collect()
}

/// Short statements, several on a line; they are to be indented by six columns.
pub(super) fn filled(statements: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for statement in statements {
        match lines.last_mut().filter(|line| line.len() + statement.len() + 7 <= WIDTH) {
            Some(line) => *line += &format!(" {statement}"),
            None => lines.push(statement.clone()),
        }
    }
    lines
}

/// Lines of a clocked block, to be indented by two columns more. Registers one after the other that take a name or a number
/// share a line.
pub(super) fn moves(list: &[String]) -> Vec<String> {
    let is_move = |line: &str| sides(line.trim_start(), " <= ").is_some();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines: Vec<String> = vec![];
    let mut before = None;
    for line in list {
        let column = is_move(line).then(|| indent(line));
        let own = line.trim_start();
        let fits = |last: &&mut String| column.is_some() && column == before && last.len() + own.len() + 3 <= WIDTH;
        match lines.last_mut().filter(fits) {
            Some(last) => *last += &format!(" {own}"),
            None => lines.push(line.clone()),
        }
        before = column;
    }
    lines
}

/// What stands on both sides of `between` in a statement that moves a name or a number to a name.
fn sides<'a>(statement: &'a str, between: &str) -> Option<(&'a str, &'a str)> {
    let plain = |text: &str| text.chars().all(|c| c == '_' || c == '\'' || c.is_ascii_alphanumeric());
    let sides = statement.strip_suffix(';')?.split_once(between)?;
    (plain(sides.0) && plain(sides.1)).then_some(sides)
}

/// Sections of a module's body. Names one after the other that are another's, or a number, are assigned in one statement.
pub(super) fn assigns(sections: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let mut list: Vec<Vec<String>> = vec![];
    let mut before = false;
    for section in sections {
        let own = match &section[..] {
            [line] => line.strip_prefix("assign ").filter(|text| sides(text, " = ").is_some()),
            _ => None,
        };
        let last = list.last_mut().map(|section| &mut section[0]);
        match (own, last.filter(|_| before)) {
            (Some(own), Some(last)) if last.len() + own.len() + 3 <= WIDTH => {
                last.truncate(last.len() - 1);
                *last += &format!(", {own}");
            }
            _ => list.push(section.clone()),
        }
        before = own.is_some();
    }
    list
}

/// `line`, to be indented by two columns more, broken after operators and commas where it is too long.
pub(super) fn wrapped(line: &str) -> Vec<String> {
    let mut lines = vec![];
    let mut rest = line.trim_start();
    let mut indent = line.len() - rest.len();
    while rest.len() + indent + 2 > WIDTH {
        let Some(at) = break_point(rest, (WIDTH - 2).saturating_sub(indent)) else { break };
        lines.push(format!("{:indent$}{}", "", &rest[..at]));
        rest = &rest[at + 1..];
        if lines.len() == 1 {
            indent += 4;
        }
    }
    lines.push(format!("{:indent$}{rest}", ""));
    lines
}

/// Where to break a line: at a space after an operator or a comma, in the second half of what fits, outside of as many
/// brackets as may be; the first beyond, if there is none.
fn break_point(line: &str, limit: usize) -> Option<usize> {
    let start = line.find(" = ").filter(|&at| !line[..at].contains('(')).map_or(0, |at| at + 3);
    let mut best: Option<(usize, i32)> = None;
    // Below 0 where brackets end that began on the line before.
    let mut depth = 0;
    for (at, c) in line.char_indices() {
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth -= 1,
            ' ' if at > start => {
                let word = line[..at].rsplit(' ').next().unwrap_or_default();
                if !word.ends_with(',') && !["&&", "||", "|", "&", "^", "+", "?", ":"].contains(&word) {
                    continue;
                }
                let better = best.is_none_or(|(old, least)| depth <= least || old < limit / 2);
                if at > limit {
                    return best.map(|(at, _)| at).or(Some(at));
                }
                if better {
                    best = Some((at, depth));
                }
            }
            _ => {}
        }
    }
    best.map(|(at, _)| at)
}

/// Fills lines one after the other.
#[derive(Default)]
struct Filler(Vec<String>);

impl Filler {
    /// Adds `short` to the line if it belongs there and has room, else `full` to a new one.
    fn add(&mut self, together: bool, short: &str, full: &str) {
        match self.0.last_mut().filter(|line| together && line.len() + short.len() + 3 <= WIDTH) {
            Some(line) => *line += &format!(" {short}"),
            None => self.0.push(format!("  {full}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{expect, Expect};

    fn declared(group: &str, kind: &str, name: &str) -> Declared {
        Declared { group: group.into(), kind: kind.into(), bits: 1, name: name.into() }
    }

    #[track_caller]
    fn check(lines: &[String], expect: Expect) {
        assert!(lines.iter().all(|line| line.len() + 2 <= WIDTH), "too long");
        // expect-test takes the indentation that all lines have for its own.
        expect.assert_eq(&format!("|\n{}\n", lines.join("\n")));
    }

    /// Once a number without a sign, which only a build with checks of overflows told.
    #[test]
    fn brackets_may_end_on_another_line_than_they_began() {
        let term = "(some_long_name_of_a_signal == another_name)";
        let line = format!("x = ({});", [term; 9].join(" | "));
        let lines = wrapped(&line);
        assert!(lines.len() > 3 && lines.iter().all(|line| line.len() + 2 <= WIDTH), "{lines:?}");
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&lines.join(" ")), words(&line));
    }

    #[test]
    fn an_interface_shares_a_line() {
        let list = [
            declared("", "input wire", "clk"),
            declared("", "input wire", "rst"),
            declared("", "output wire", "busy"),
            declared("enq", "input wire [7:0]", "enq_payload"),
            declared("enq", "input wire", "enq_valid"),
            declared("enq", "input wire", "enq_last"),
            declared("enq", "output wire", "enq_ready"),
            declared("deq", "output wire [7:0]", "deq_payload"),
        ];
        check(
            &ports(&list),
            expect![[r#"
                |
                  input wire clk, rst,
                  output wire busy,
                  input wire [7:0] enq_payload, input wire enq_valid, enq_last, output wire enq_ready,
                  output wire [7:0] deq_payload
            "#]],
        );
    }

    #[test]
    fn declarations_alike_stand_together() {
        let mut list = vec![declared("", "wire", "a"), declared("x", "reg", "b"), declared("", "wire [3:0]", "c")];
        list.extend((0..20).map(|i| declared("", "wire", &format!("long_{i}"))));
        check(
            &declarations(&list),
            expect![[r#"
                |
                wire a, long_0, long_1, long_2, long_3, long_4, long_5, long_6, long_7, long_8, long_9, long_10, long_11, long_12;
                wire long_13, long_14, long_15, long_16, long_17, long_18, long_19;
                wire [3:0] c;
                reg b;
            "#]],
        );
    }

    #[test]
    fn what_belongs_to_nothing_beside_it_shares_a_line() {
        let pins = [("", ".clk(clk)"), ("read$0", ".read_0(a)"), ("read$1", ".read_1(b)"), ("deq", ".deq_valid(c)")];
        let pins = [&pins[..], &[("deq", ".deq_ready(d)")]].concat();
        let pins: Vec<(String, String)> =
            pins.iter().map(|(group, pin)| (group.to_string(), pin.to_string())).collect();
        check(
            &super::pins(&pins),
            expect![[r#"
                |
                  .clk(clk), .read_0(a), .read_1(b),
                  .deq_valid(c), .deq_ready(d)
            "#]],
        );
    }

    #[test]
    fn registers_that_take_a_name_or_a_number_share_a_line() {
        let lines =
            ["  a <= b;", "  c <= 4'd1;", "  if (d) begin", "    e <= f;", "  end", "  g <= h + 1'b1;", "  i <= j;"];
        check(
            &moves(&lines.map(String::from)),
            expect![[r#"
                |
                  a <= b; c <= 4'd1;
                  if (d) begin
                    e <= f;
                  end
                  g <= h + 1'b1;
                  i <= j;
            "#]],
        );
    }

    #[test]
    fn lines_break_outside_of_brackets() {
        let terms: Vec<String> = (0..9).map(|i| format!("!(condition_{i} && !counterpart_{i})")).collect();
        check(
            &wrapped(&format!("  assign all = {};", terms.join(" && "))),
            expect![[r#"
                |
                  assign all = !(condition_0 && !counterpart_0) && !(condition_1 && !counterpart_1) &&
                      !(condition_2 && !counterpart_2) && !(condition_3 && !counterpart_3) && !(condition_4 && !counterpart_4) &&
                      !(condition_5 && !counterpart_5) && !(condition_6 && !counterpart_6) && !(condition_7 && !counterpart_7) &&
                      !(condition_8 && !counterpart_8);
            "#]],
        );
    }
}
