//! Blocks that are wires alone, such as those of [`hw::slices`]: each output is a part of an input.
//!
//! They become no modules: what they do is said in the block that uses them.

use super::lower::{lower, Stmt};
use super::module::is_plain;
use super::scope::{Carries, Child, Field, Role, Scope, Signal};
use super::types::{Expr, SignalId};
use rust_hdl::core::ast::VerilogBlock;

/// A block of wires.
pub(super) struct Wiring {
    pub fields: Vec<Field>,
    /// Outputs and their values, by the numbers of the fields.
    values: Vec<(SignalId, Expr)>,
}

impl Wiring {
    /// The block as wires, if that is all it is.
    pub fn of(scope: &Scope, fields: &[Field], code: &VerilogBlock) -> Option<Wiring> {
        let signals = &scope.signals;
        let is_wire = |s: &Signal| match s.role {
            Role::In => true, // A clock that nothing follows.
            Role::Out => s.carries == Carries::Word,
            _ => false,
        };
        let ports = signals.iter().all(is_wire);
        if !ports || !scope.children.is_empty() {
            return None;
        }
        let mut values = vec![];
        for stmt in lower(scope, code).ok()?.stmts {
            let Stmt::Assign(target, value) = stmt else { return None };
            let mut from_inputs = true;
            value.reads(&mut |s| from_inputs &= signals[s].role == Role::In);
            if !from_inputs || !is_plain(&value, signals[target].bits) || values.iter().any(|(s, _)| *s == target) {
                return None;
            }
            values.push((target, value));
        }
        let outputs = signals.iter().filter(|s| s.role == Role::Out).count();
        (outputs == values.len()).then(|| Wiring { fields: fields.to_vec(), values })
    }

    /// What the block assigns, in the scope of the block that uses it as `child`.
    pub fn stmts(&self, child: &Child) -> Vec<Stmt> {
        let here = |s: SignalId| child.signals[s];
        let assign = |(target, value): &(SignalId, Expr)| {
            let mut value = value.clone();
            value.rename(&here);
            Stmt::Assign(here(*target), value)
        };
        self.values.iter().map(assign).collect()
    }
}
