//! Prints statements, inside `always` blocks or as assignments.

use super::expr::Printer;
use super::lower::Stmt;
use super::nets::Net;
use super::scope::Scope;
use super::text::Text;
use super::types::{Expr, SignalId};
use std::collections::BTreeMap;

/// How a block assigns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `=`, in `always @*`.
    Blocking,
    /// `<=` to a register itself, in `always @(posedge clk)`.
    Clocked,
}

/// Prints the statements of one group.
pub(super) struct Block<'a> {
    pub printer: &'a mut Printer,
    pub scope: &'a Scope,
    pub style: Style,
    /// Values that are computed in the block under a name.
    pub inside: Vec<Net>,
    /// What has been assigned to each signal, for a block without conditions.
    pub assigned: BTreeMap<SignalId, String>,
}

/// `text` with `n` levels of indentation on each line.
pub(super) fn indent(lines: &[String], n: usize) -> String {
    lines.iter().map(|line| format!("{:width$}{line}\n", "", width = 2 * n)).collect()
}

impl<'a> Block<'a> {
    pub fn new(printer: &'a mut Printer, scope: &'a Scope, style: Style) -> Self {
        Block { printer, scope, style, inside: vec![], assigned: BTreeMap::new() }
    }

    /// What is assigned for `s`: in a clocked block, the register itself.
    fn target(&self, s: SignalId) -> String {
        let assigned = match self.style {
            Style::Blocking => s,
            Style::Clocked => self.scope.output_of(s),
        };
        self.printer.names[assigned].clone()
    }

    /// The lines of a list of statements.
    pub fn statements(&mut self, stmts: &[Stmt]) -> Vec<String> {
        stmts.iter().flat_map(|stmt| self.statement(stmt)).collect()
    }

    fn statement(&mut self, stmt: &Stmt) -> Vec<String> {
        let mut lines = vec![];
        match stmt {
            Stmt::Assign(target, value) => {
                let name = self.target(*target);
                let value = self.value(value, self.scope.signals[*target].bits, &name, &mut lines);
                let op = if self.style == Style::Blocking { "=" } else { "<=" };
                lines.push(format!("{name} {op} {value};"));
                self.assigned.insert(*target, value.to_string());
            }
            Stmt::If(arms, otherwise) => self.conditional(arms, otherwise, &mut lines),
            Stmt::Case(test, arms, default) => {
                let bits = test.bits;
                let value = self.value(test, bits, "case", &mut lines).into_unsigned();
                if let Some(value) = value.value() {
                    let arm = arms.iter().find(|(pattern, _)| pattern.value == value as i128);
                    let last = default.as_ref().or(arms.last().map(|(_, block)| block));
                    let block = arm.map(|(_, block)| block).or(last);
                    lines.extend(block.into_iter().flat_map(|block| self.statements(block)));
                    return lines;
                }
                lines.push(format!("case ({value})"));
                for (i, (pattern, block)) in arms.iter().enumerate() {
                    let all = default.is_none() && i + 1 == arms.len();
                    let label = match (all, &pattern.label) {
                        (false, _) => self.printer.pattern(pattern, bits),
                        // The last variant takes what no variant stands for.
                        (true, Some(name)) => format!("/* {name} */ default"),
                        (true, None) => "default".into(),
                    };
                    self.arm(&label, block, &mut lines);
                }
                if let Some(block) = default {
                    self.arm("default", block, &mut lines);
                }
                lines.push("endcase".into());
            }
        }
        lines
    }

    fn conditional(&mut self, arms: &[(Expr, Vec<Stmt>)], otherwise: &[Stmt], lines: &mut Vec<String>) {
        let mut open: Vec<(Text, &[Stmt])> = vec![];
        let mut otherwise = otherwise;
        for (test, block) in arms {
            let test = self.value(test, 1, "test", lines);
            match test.value() {
                Some(0) => {}
                Some(_) => {
                    otherwise = block;
                    break;
                }
                None => open.push((test, block)),
            }
        }
        if open.is_empty() {
            lines.extend(self.statements(otherwise));
            return;
        }
        let mut head = String::new();
        for (test, block) in open {
            head.push_str(&format!("if ({test})"));
            let body = self.statements(block);
            head = self.body(head, body, lines);
            head.push_str("else ");
        }
        if otherwise.is_empty() {
            let head = head.trim_end_matches("else ").trim_end();
            if !head.is_empty() {
                lines.push(head.into());
            }
            return;
        }
        let body = self.statements(otherwise);
        let last = self.body(head.trim_end().into(), body, lines);
        if !last.is_empty() {
            lines.push(last.trim_end().into());
        }
    }

    /// Prints `head` and the body under it; returns what the next line begins with.
    fn body(&mut self, head: String, body: Vec<String>, lines: &mut Vec<String>) -> String {
        match body.as_slice() {
            // An `if` on the same line would take the `else` that follows.
            [line] if !line.starts_with("if (") => {
                lines.push(format!("{head} {line}"));
                return String::new();
            }
            _ => {}
        }
        lines.push(format!("{head} begin"));
        lines.extend(body.into_iter().map(|line| format!("  {line}")));
        "end ".into()
    }

    fn arm(&mut self, label: &str, block: &[Stmt], lines: &mut Vec<String>) {
        let body = self.statements(block);
        let line = |line: &str| format!("  {line}");
        match body.as_slice() {
            [] => lines.push(format!("  {label}: ;")),
            [only] => lines.push(format!("  {label}: {only}")),
            _ => {
                lines.push(format!("  {label}: begin"));
                lines.extend(body.iter().map(|inner| line(&line(inner))));
                lines.push(line("end"));
            }
        }
    }

    /// The text of `value`, after the values inside that it needs.
    fn value(&mut self, value: &Expr, bits: usize, hint: &str, lines: &mut Vec<String>) -> Text {
        self.printer.hint = hint.to_string();
        let text = self.printer.emit(value, bits);
        for temp in std::mem::take(&mut self.printer.inside) {
            lines.push(format!("{} = {};", temp.name, temp.value));
            self.inside.push(temp);
        }
        text
    }
}
