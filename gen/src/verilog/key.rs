//! A block's structure as a key: equal keys give equal modules, so equal blocks are printed once.

use super::scope::{Field, Kind};
use rust_hdl::core::ast::{
    VerilogBlock, VerilogBlockOrConditional, VerilogConditional, VerilogExpression, VerilogLink, VerilogStatement,
};
use std::fmt::Write;

/// All that the text of a module depends on.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Key {
    fields: Vec<Field>,
    /// Names, parts and the syntax tree.
    text: String,
}

impl Key {
    pub fn new(
        base: &str,
        about: &str,
        fields: &[Field],
        consts: &[(String, i128)],
        children: &[(&str, Kind)],
        code: &VerilogBlock,
    ) -> Key {
        let mut text = String::new();
        let _ = write!(text, "{base}\n{about}\n");
        for (name, value) in consts {
            let _ = writeln!(text, "{name}={value}");
        }
        for (name, kind) in children {
            let _ = writeln!(text, "{name}:{kind:?}");
        }
        block(&mut text, code);
        Key { fields: fields.to_vec(), text }
    }
}

fn block(out: &mut String, code: &VerilogBlock) {
    out.push('{');
    code.iter().for_each(|stmt| statement(out, stmt));
    out.push('}');
}

fn statement(out: &mut String, stmt: &VerilogStatement) {
    match stmt {
        VerilogStatement::Assignment(target, value) => {
            expr(out, target);
            out.push('=');
            expr(out, value);
        }
        VerilogStatement::SliceAssignment { base, width, offset, replacement } => {
            let _ = write!(out, "S{width}");
            [base, offset, replacement].into_iter().for_each(|e| expr(out, e));
        }
        VerilogStatement::If(conditional) => condition(out, conditional),
        VerilogStatement::Match(m) => {
            out.push('?');
            expr(out, &m.test);
            for case in &m.cases {
                let _ = write!(out, "|{}", case.condition);
                block(out, &case.block);
            }
        }
        VerilogStatement::Loop(l) => {
            let _ = write!(out, "L{}:{:x}:{:x}", l.index, l.from, l.to);
            block(out, &l.block);
        }
        VerilogStatement::Comment(_) => {}
        VerilogStatement::Link(links) => {
            for link in links {
                let (way, details) = match link {
                    VerilogLink::Forward(details) => ('F', details),
                    VerilogLink::Backward(details) => ('B', details),
                    VerilogLink::Bidirectional(details) => ('X', details),
                };
                let _ = write!(out, "{way}{},{},{}", details.my_name, details.owner_name, details.other_name);
            }
        }
        VerilogStatement::Macro(inner) => block(out, inner),
    }
    out.push(';');
}

fn condition(out: &mut String, conditional: &VerilogConditional) {
    out.push('I');
    expr(out, &conditional.test);
    block(out, &conditional.then);
    match &conditional.otherwise {
        VerilogBlockOrConditional::Block(inner) => block(out, inner),
        VerilogBlockOrConditional::Conditional(stmt) => statement(out, stmt),
        VerilogBlockOrConditional::None => out.push('-'),
    }
}

fn expr(out: &mut String, e: &VerilogExpression) {
    out.push('(');
    match e {
        VerilogExpression::Signal(name) => out.push_str(name),
        VerilogExpression::Literal(value) => {
            let _ = write!(out, "#{value:x}");
        }
        VerilogExpression::Cast(inner, bits) => {
            let _ = write!(out, "C{bits}");
            expr(out, inner);
        }
        VerilogExpression::Signed(inner) => {
            out.push_str("S:");
            expr(out, inner);
        }
        VerilogExpression::Unsigned(inner) => {
            out.push_str("U:");
            expr(out, inner);
        }
        VerilogExpression::Paren(inner) => expr(out, inner),
        VerilogExpression::Binary(a, op, b) => {
            let _ = write!(out, "{op:?}:");
            expr(out, a);
            expr(out, b);
        }
        VerilogExpression::Unary(op, inner) => {
            let _ = write!(out, "{op:?}:");
            expr(out, inner);
        }
        VerilogExpression::Index(a, b) => {
            out.push_str("[]");
            expr(out, a);
            expr(out, b);
        }
        VerilogExpression::Slice(a, n, b) => {
            let _ = write!(out, "[{n}]");
            expr(out, a);
            expr(out, b);
        }
        VerilogExpression::IndexReplace(a, b, c) => {
            out.push_str("[=]");
            [a, b, c].into_iter().for_each(|e| expr(out, e));
        }
    }
    out.push(')');
}
