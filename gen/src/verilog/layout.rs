//! Fills lines: what belongs together stands on one line, up to [`WIDTH`] columns.

/// Columns that a line has at most, where it can be broken.
const WIDTH: usize = 110;

/// A name with what it is declared as (`wire [7:0]`) and what it belongs to.
pub(super) struct Declared {
    pub group: String,
    pub kind: String,
    pub name: String,
}

/// What the signal of this path belongs to: `pes$3$act` to `pes$3`, a signal by itself to nothing.
pub(super) fn group_of(path: &str) -> &str {
    path.rsplit_once('$').map_or("", |(group, _)| group)
}

/// The lines of a port list. The ports of an interface, and ports in a row that are declared alike, share a line.
pub(super) fn ports(list: &[Declared]) -> Vec<String> {
    let mut lines = Filler::new(2);
    for (i, port) in list.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| &list[i]);
        let alike = before.is_some_and(|before| before.kind == port.kind);
        let together = before.is_some_and(|before| before.group == port.group && (alike || !port.group.is_empty()));
        let comma = if i + 1 < list.len() { "," } else { "" };
        let full = format!("{} {}{comma}", port.kind, port.name);
        let short = if alike { format!("{}{comma}", port.name) } else { full.clone() };
        lines.add(together, &short, &full);
    }
    lines.done()
}

/// The pins of an instance, each with what it belongs to, filled by interface.
pub(super) fn pins(list: &[(String, String)]) -> Vec<String> {
    let mut lines = Filler::new(2);
    for (i, (group, pin)) in list.iter().enumerate() {
        let together = i > 0 && list[i - 1].0 == *group;
        let pin = format!("{pin}{}", if i + 1 < list.len() { "," } else { "" });
        lines.add(together, &pin, &pin);
    }
    lines.done()
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

/// `line`, to be indented by two columns, broken after operators and commas where it is too long.
pub(super) fn wrapped(line: &str) -> Vec<String> {
    let mut lines = vec![];
    let mut rest = line;
    let mut indent = "";
    while rest.len() + indent.len() + 2 > WIDTH {
        let limit = WIDTH - 2 - indent.len();
        let breaks = |(at, _): &(usize, &str)| {
            let word = rest[..*at].rsplit(' ').next().unwrap_or_default();
            word.ends_with(',') || ["&&", "||", "|", "&", "^", "+", "?", ":"].contains(&word)
        };
        let after_first = rest.find(" = ").map_or(0, |at| at + 3);
        let all = rest.match_indices(' ').filter(|(at, _)| *at > after_first).filter(breaks);
        let (fitting, beyond): (Vec<_>, Vec<_>) = all.partition(|(at, _)| *at <= limit);
        let Some(&(at, _)) = fitting.last().or(beyond.first()) else { break };
        lines.push(format!("{indent}{}", &rest[..at]));
        rest = &rest[at + 1..];
        indent = "    ";
    }
    lines.push(format!("{indent}{rest}"));
    lines
}

/// Fills lines one after the other.
struct Filler {
    indent: usize,
    lines: Vec<String>,
}

impl Filler {
    fn new(indent: usize) -> Self {
        Filler { indent, lines: vec![] }
    }

    /// Adds `short` to the line if it belongs there and has room, else `full` to a new one.
    fn add(&mut self, together: bool, short: &str, full: &str) {
        // Lines are indented once more by the module around them.
        match self.lines.last_mut().filter(|line| together && line.len() + short.len() + 3 <= WIDTH) {
            Some(line) => *line += &format!(" {short}"),
            None => self.lines.push(format!("{:width$}{full}", "", width = self.indent)),
        }
    }

    fn done(self) -> Vec<String> {
        self.lines
    }
}
